import { constants, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCertificate } from '../../certificates/certificate.ts';
import { toDer } from '../../certificates/der.ts';
import { type Name, toNameNode } from '../../certificates/name.ts';
import { toServingSpecification } from '../../certificates/serving-certificate.ts';
import { createKeyRing } from '../../keys/key-ring.ts';
import { parseClientHello } from '../client-hello.ts';
import { GoConnection } from './go-connection.ts';
import { agreesOnGo, type GoServer, toGoTraits } from './go-flight.ts';

interface Recorded {
  recordTypes: number[];
  lengths: { serverHello: number; serverKeyExchange: number; certificateRequest: number; helloDone: number };
  suite: string;
  serverHelloExtensions: number[];
  sessionIdLength: number;
  curve: number;
  signatureAlgorithm: string;
  certificateTypes: number[];
  signatureAlgorithms: string[];
}

const recorded = JSON.parse(
  readFileSync(new URL('fixtures/kube-apiserver-1.20.2.json', import.meta.url), 'utf8'),
) as Recorded;
const keys = createKeyRing(3);
const CLIENT_CAS: Name[] = [[['CN', 'kubernetes']], [['CN', 'front-proxy-ca']]];

function goServer(key: 'rsa2048:1' | 'ec:test', goVersion: string, clientCas?: Name[]): GoServer {
  const leaf = toServingSpecification({
    subject: [['CN', 'kube-apiserver']],
    issuer: [['CN', 'kubernetes']],
    sans: ['DNS:kubernetes'],
    serial: '0a',
    notBefore: Date.UTC(2026, 0, 1),
    notAfter: Date.UTC(2027, 0, 1),
    key,
    signer: 'rsa2048:0',
    basicConstraints: false,
  });
  return {
    chain: [issueCertificate(leaf, keys)],
    privateKey: createPrivateKey(keys.key(key).privatePem),
    keyType: keys.key(key).type,
    ...(clientCas === undefined ? {} : { clientCas: clientCas.map((name) => toDer(toNameNode(name))) }),
    traits: toGoTraits(goVersion),
  };
}

let played: GoServer;
let requests: string[] = [];
let helloBytes: Buffer = Buffer.alloc(0);
const server = net.createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.once('data', (bytes: Buffer) => {
    const hello = parseClientHello(bytes);
    helloBytes = bytes;
    if (hello === null || !agreesOnGo(hello, played)) {
      socket.destroy();
      return;
    }
    new GoConnection(socket, {
      hello,
      helloMessage: bytes.subarray(5),
      server: played,
      onSecure: (connection) => {
        connection.on('data', (data: Buffer) => {
          requests.push(data.toString());
          connection.end('y'.repeat(40_000));
        });
      },
    });
  });
});
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  port = (server.address() as net.AddressInfo).port;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

/** A TLS 1.2 client without session tickets, as the lab plays Go to it. */
function connect(): tls.TLSSocket {
  return tls.connect({
    host: '127.0.0.1',
    port,
    rejectUnauthorized: false,
    maxVersion: 'TLSv1.2',
    ciphers: 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256',
    ecdhCurve: 'X25519:P-256',
    secureOptions: constants.SSL_OP_NO_TICKET,
  });
}

async function fetchAll(): Promise<string> {
  const client = connect();
  client.write('GET /version');
  let text = '';
  for await (const data of client) text += (data as Buffer).toString();
  return text;
}

/** The records of the flight that answers OpenSSL's own hello. */
async function flightRecords(): Promise<{ type: number; body: Buffer }[]> {
  await fetchAll();
  const socket = net.connect({ host: '127.0.0.1', port });
  socket.write(helloBytes);
  const bytes = await new Promise<Buffer>((resolve) => {
    socket.once('data', resolve);
  });
  socket.destroy();
  const records: { type: number; body: Buffer }[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const length = bytes.readUInt16BE(offset + 3);
    records.push({ type: bytes[offset] ?? 0, body: bytes.subarray(offset + 5, offset + 5 + length) });
    offset += 5 + length;
  }
  return records;
}

function extensionTypes(serverHello: Buffer): number[] {
  const types: number[] = [];
  for (let offset = 44; offset < serverHello.length; ) {
    types.push(serverHello.readUInt16BE(offset));
    offset += 4 + serverHello.readUInt16BE(offset + 2);
  }
  return types;
}

describe.each(['rsa2048:1', 'ec:test'] as const)('with the key %s', (key) => {
  it.each(['go1.19.8', 'go1.26.6'])(
    'OpenSSL finishes the handshake that %s would make, and gets the whole answer',
    async (goVersion) => {
      requests = [];
      played = goServer(key, goVersion, CLIENT_CAS);
      expect(await fetchAll()).toBe('y'.repeat(40_000));
      expect(requests).toEqual(['GET /version']);
      played = goServer(key, goVersion);
      expect(await fetchAll()).toBe('y'.repeat(40_000));
    },
  );
});

it('the first flight has the records, extensions, algorithms and lengths of the recorded one', async () => {
  played = goServer('rsa2048:1', 'go1.19.8', CLIENT_CAS);
  const [hello, certificate, exchange, request, done, ...rest] = await flightRecords();
  expect(rest).toEqual([]);
  expect([hello, certificate, exchange, request, done].map((record) => record?.type)).toEqual(recorded.recordTypes);
  expect(hello?.body.length).toBe(recorded.lengths.serverHello);
  expect(exchange?.body.length).toBe(recorded.lengths.serverKeyExchange);
  expect(request?.body.length).toBe(recorded.lengths.certificateRequest);
  expect(done?.body.length).toBe(recorded.lengths.helloDone);
  expect(hello?.body.subarray(30, 38).toString('latin1')).toBe('DOWNGRD\u0001');
  expect(hello?.body[38]).toBe(recorded.sessionIdLength);
  expect(hello?.body.subarray(39, 41).toString('hex')).toBe(recorded.suite);
  expect(extensionTypes(hello?.body ?? Buffer.alloc(0))).toEqual(recorded.serverHelloExtensions);
  expect(exchange?.body.readUInt16BE(5)).toBe(recorded.curve);
  expect(exchange?.body.readUInt16BE(40).toString(16)).toBe(recorded.signatureAlgorithm);
  expect([...(request?.body.subarray(5, 7) ?? [])]).toEqual(recorded.certificateTypes);
  const algorithms = recorded.signatureAlgorithms.map((_, index) =>
    request?.body.readUInt16BE(9 + 2 * index).toString(16),
  );
  expect(algorithms).toEqual(recorded.signatureAlgorithms);
});

it('from Go 1.21 on the extended master secret is agreed on, and from 1.25 on SHA-1 is gone', async () => {
  played = goServer('rsa2048:1', 'go1.26.6', CLIENT_CAS);
  const [hello, , , request] = await flightRecords();
  expect(extensionTypes(hello?.body ?? Buffer.alloc(0))).toEqual([65_281, 23, 11]);
  expect(request?.body.readUInt16BE(7)).toBe(20);
});

it('a client that changes its mind in mid-handshake is told with an alert and cut off', async () => {
  played = goServer('rsa2048:1', 'go1.26.6');
  await fetchAll();
  for (const bytes of [
    Buffer.from('1703030001ff', 'hex'), // data before the handshake ended
    Buffer.from('140303000101', 'hex'), // a change of cipher before its keys
    Buffer.from('474554202f0d', 'hex'), // no record
    Buffer.from('16030300250f000021200000000000000000000000000000000000000000000000000000000000000000', 'hex'), // out of turn
    Buffer.from('160303000414ffffff', 'hex'), // a message longer than its limit
  ]) {
    const socket = net.connect({ host: '127.0.0.1', port });
    socket.write(helloBytes);
    await new Promise((resolve) => {
      socket.once('data', resolve);
    });
    socket.end(bytes);
    await new Promise((resolve) => {
      socket.resume().once('close', resolve);
    });
  }
});
