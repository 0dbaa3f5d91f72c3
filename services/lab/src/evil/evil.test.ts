import { spawn } from 'node:child_process';
import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import net from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLab, type Lab } from '../lab.ts';
import type { LabTruth } from '../truth.ts';
import { HOSTILE_TEXT } from './hostile-text.ts';
import { EVILS } from './index.ts';

let lab: Lab;
let truths: LabTruth[] = [];

beforeAll(async () => {
  lab = createLab({ hosts: 20, seed: 2, evils: 2 * EVILS.length });
  await lab.start();
  truths = lab.truth(1);
});
afterAll(() => lab.close());

function host(name: string): LabTruth {
  const truth = truths.find(({ evil }) => evil === name);
  if (truth === undefined) throw new Error(`the lab has no ${name}`);
  return truth;
}

function open({ address, port }: LabTruth): tls.TLSSocket {
  return tls.connect({ host: address, port, rejectUnauthorized: false, servername: '' });
}

/** Bytes that come in answer to a request, until `enough` of them came or the host is done; then the connection is cut. */
async function receive(truth: LabTruth, enough: number): Promise<Buffer> {
  const socket = open(truth);
  socket.write('GET /version HTTP/1.1\r\nConnection: close\r\n\r\n');
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of socket) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length >= enough) break;
  }
  return Buffer.concat(parts);
}

async function chainOf(truth: LabTruth): Promise<X509Certificate[]> {
  const socket = open(truth);
  await new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
  const chain: X509Certificate[] = [];
  // The last one issued by itself is its own issuer.
  for (let next = socket.getPeerX509Certificate(); next !== undefined && chain.length < 300; ) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  socket.destroy();
  return chain;
}

it('each hostile host is a file named for what it does, and the lab plays all of them', () => {
  const support = new Set(['after-handshake', 'define-evil', 'flood', 'honest', 'index', 'through', 'with-names']);
  const files = readdirSync(new URL('.', import.meta.url))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -3))
    .filter((file) => !support.has(file));
  expect(EVILS.map(({ name }) => name).sort()).toEqual(files.sort());
  const played = truths.filter(({ kind }) => kind === 'evil').map(({ evil }) => evil);
  expect(new Set(played).size).toBe(EVILS.length);
  expect(played.length).toBe(2 * EVILS.length);
});

it.each([
  ['informational-flood', /^(HTTP\/1\.1 100 Continue\r\n\r\n)+/],
  ['header-flood', /^HTTP\/1\.1 200 OK\r\n(X-Filler: y+\r\n)+/],
  ['header-without-end', /^HTTP\/1\.1 200 OK\r\nX-Filler: y+$/],
  ['chunk-extension-without-end', /chunked\r\n\r\n1;x=y+$/],
  ['huge-content-length', /Content-Length: 1000000000000000\r\n\r\n\{"major"/],
  ['body-without-end', /json\r\n\r\n(\{"major":"1","minor":"29"\})+/],
])('%s goes on for as long as it is read', async (name, text) => {
  const bytes = await receive(host(name), 300_000);
  expect(bytes.length).toBeGreaterThanOrEqual(300_000);
  expect(bytes.toString('latin1')).toMatch(text);
});

it('a gzip bomb is small on the wire', async () => {
  const bytes = await receive(host('gzip-bomb'), 1_000_000);
  expect(bytes.length).toBeLessThan(100_000);
  expect(bytes.toString('latin1')).toContain('Content-Encoding: gzip');
});

it('certificates of hostile hosts are as large, as many and as ill-lettered as they say', async () => {
  const [many] = await chainOf(host('many-names'));
  expect(many?.raw.length).toBeGreaterThan(80_000);
  const [hostile] = await chainOf(host('hostile-text'));
  expect(hostile?.raw.includes(Buffer.from(HOSTILE_TEXT))).toBe(true);
});

it('the crafted certificate aborts a Node that looks at its key', async () => {
  const { address, port } = host('key-parser-abort');
  const program = `
    const socket = require('node:tls').connect({ host: '${address}', port: ${port}, rejectUnauthorized: false });
    socket.once('secureConnect', () => {
      const crafted = socket.getPeerX509Certificate().issuerCertificate ?? socket.getPeerX509Certificate();
      process.stdout.write('read ');
      void crafted.publicKey.asymmetricKeyDetails;
      process.stdout.write('survived');
      socket.destroy();
    });`;
  const child = spawn(process.execPath, ['--eval', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString();
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(output).toBe('read ');
  expect(signal).toBe('SIGABRT');
});

/** A hello of OpenSSL's, which goes nowhere. */
function helloBytes(): Promise<Buffer> {
  return new Promise((resolve) => {
    const nowhere = new Duplex({
      read: () => undefined,
      write(bytes: Buffer, _encoding, done) {
        resolve(bytes);
        done();
      },
    });
    tls.connect({ socket: nowhere, rejectUnauthorized: false }).on('error', () => undefined);
  });
}

it('a reset comes after some other number of bytes on each host', async () => {
  const hello = await helloBytes();
  const counts: number[] = [];
  for (const { address, port } of truths.filter(({ evil }) => evil === 'reset')) {
    const socket = net.connect({ host: address, port });
    socket.write(hello);
    socket.resume();
    const [error] = (await once(socket, 'error').catch((thrown: unknown) => [thrown])) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    counts.push(socket.bytesRead);
  }
  expect(counts.sort((left, right) => left - right)).toEqual([0, 37]);
});

it('no hostile host falls over a client that goes away at once', async () => {
  for (const { address, port } of truths.filter(({ kind }) => kind === 'evil')) {
    const socket = net.connect({ host: address, port });
    await new Promise((resolve) => {
      socket.once('connect', resolve);
    });
    socket.write(Buffer.of(22, 3, 1));
    socket.resetAndDestroy();
  }
  expect((await receive(host('body-without-end'), 1000)).length).toBeGreaterThan(999);
});
