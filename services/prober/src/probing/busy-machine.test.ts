import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProbe, type Probe } from '../probe-target.ts';

// In a process of its own: it answers while this one is busy.
const SERVER = `
  import net from 'node:net';
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('SSH-2.0-test\\r\\n');
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  process.once('disconnect', () => process.exit());
`;

let folder: string;
let port: number;
let stop: () => Promise<void>;
let probe: Probe;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kubecensus-busy-'));
  const file = path.join(folder, 'server.mjs');
  await writeFile(file, SERVER);
  const child = fork(file, { execArgv: [] });
  [port] = (await once(child, 'message')) as [number];
  stop = async () => {
    child.disconnect();
    await once(child, 'exit');
  };
  const timeouts = { connectTimeoutMs: 200, firstFlightTimeoutMs: 200, answerTimeoutMs: 200 };
  probe = createProbe({
    operator: { url: 'urn:test', name: 'test' },
    version: '0.1.0',
    mayConnect: () => true,
    ...timeouts,
  });
});
afterAll(async () => {
  await probe.close();
  await stop();
  await rm(folder, { recursive: true });
});

/** Nothing else runs on this thread meanwhile, while the far end answers. */
function beBusyFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

it.each(['kube-apiserver', 'kubelet-read-only'] as const)(
  'an answer that came in time, while this machine was busy, is no time-out: %s',
  async (component) => {
    const looking = probe.probe({ address: '127.0.0.1', port }, component);
    beBusyFor(600);
    const { outcome } = await looking;
    expect(outcome).not.toMatch(/timeout/);
  },
);
