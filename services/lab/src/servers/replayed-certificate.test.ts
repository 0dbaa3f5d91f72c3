import { constants, verify, X509Certificate } from 'node:crypto';
import net from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLab, type Lab } from '../lab.ts';
import type { LabTruth } from '../truth.ts';

let lab: Lab;
let hello: Buffer;

beforeAll(async () => {
  lab = createLab({ hosts: 100, seed: 3, copies: true });
  await lab.start();
  hello = await new Promise<Buffer>((resolve) => {
    const nowhere = new Duplex({
      read: () => undefined,
      write(bytes: Buffer, _encoding, done) {
        resolve(bytes);
        done();
      },
    });
    const options = {
      secureOptions: constants.SSL_OP_NO_TICKET,
      maxVersion: 'TLSv1.2',
      ecdhCurve: 'X25519:P-256',
    } as const;
    tls.connect({ socket: nowhere, ...options }).on('error', () => undefined);
  });
});
afterAll(() => lab.close());

/** The leaf of a first flight, and whether its key signed the server's share (RFC 5246 section 7.4.3). */
async function look({ address, port }: LabTruth): Promise<{ leaf: X509Certificate; possessed: boolean }> {
  const socket = net.connect({ host: address, port });
  socket.write(hello);
  let bytes = Buffer.alloc(0);
  const messages: Buffer[] = [];
  for await (const part of socket) {
    bytes = Buffer.concat([bytes, part as Buffer]);
    while (bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt16BE(3)) {
      messages.push(bytes.subarray(5, 5 + bytes.readUInt16BE(3)));
      bytes = bytes.subarray(5 + bytes.readUInt16BE(3));
    }
    if (messages.at(-1)?.[0] === 14) break;
  }
  const [serverHello, certificate, exchange] = messages;
  if (serverHello === undefined || certificate === undefined || exchange === undefined) throw new Error('no flight');
  const leaf = new X509Certificate(certificate.subarray(10, 10 + certificate.readUIntBE(7, 3)));
  const parameters = exchange.subarray(4, 40);
  const signed = Buffer.concat([hello.subarray(11, 43), serverHello.subarray(6, 38), parameters]);
  const signature = exchange.subarray(44, 44 + exchange.readUInt16BE(42));
  const isRsa = leaf.publicKey.asymmetricKeyType === 'rsa';
  const key = isRsa
    ? { key: leaf.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    : { key: leaf.publicKey };
  return { leaf, possessed: verify('sha256', signed, key, signature) };
}

it('a stranger shows the certificate of another cluster and cannot sign with its key', async () => {
  const truths = lab.truth(1);
  const strangers = truths.filter(({ replays }) => replays !== undefined);
  expect(strangers.map(({ distribution }) => distribution).sort()).toEqual(['eks', 'k3s', 'kubeadm']);
  for (const stranger of strangers) {
    const theirs = await look(stranger);
    const owners = await Promise.all(truths.filter(({ clusterId }) => clusterId === stranger.replays).map(look));
    const owner = owners.find(({ leaf }) => leaf.raw.equals(theirs.leaf.raw));
    expect([theirs.possessed, owner?.possessed]).toEqual([false, true]);
  }
});
