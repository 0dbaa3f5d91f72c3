import type { Socket } from 'node:net';
import { COMPONENTS } from '@kubecensus/shared/vocabulary';
import { afterEach, expect, it } from 'vitest';
import { readRecording } from '../../../test/support/prober/recordings.ts';
import { startScriptedTlsServer } from '../../../test/support/prober/scripted-tls.ts';
import { startTcpServer } from '../../../test/support/prober/servers.ts';
import { COMPONENT_DEFINITIONS, type Sending } from './components/index.ts';
import { createProbe } from './probe-target.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const FLIGHTS: Record<string, string> = {
  'kube-apiserver': 'kube-apiserver-defaults',
  kubelet: 'kubelet-anonymous-on',
  'etcd-client': 'etcd-client',
  'etcd-peer': 'etcd-peer',
  'kube-controller-manager': 'kube-controller-manager',
  'kube-scheduler': 'kube-scheduler',
};
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** The declared words for what a server has read: its records, or the request of a plain port. */
function sendingsIn(received: Buffer): Sending[] {
  const types: number[] = [];
  for (let at = 0; at < received.length; at += 5 + received.readUInt16BE(at + 3)) types.push(received[at] as number);
  return types.join(' ') === '22 22 20 22 23' ? ['client-hello', 'client-key-exchange-and-finished', 'request'] : [];
}

function expectedRequest(path: string): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
    'User-Agent: Mozilla/5.0 (compatible; kubecensus/0.1.0; +https://scan.example.org/)\r\n' +
    'Accept: application/json\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n'
  );
}

function startProbe() {
  const probe = createProbe({
    operator: { url: 'https://scan.example.org/', name: 'scan.example.org' },
    version: '0.1.0',
    mayConnect: () => true,
    // Two components are known by their port, which a test cannot have: ask whatever the first flight shows.
    thorough: true,
  });
  open.push(probe);
  return probe;
}

it.each(COMPONENTS)('what leaves for %s is what its file declares, byte for byte', async (component) => {
  const { transport, request, sends } = COMPONENT_DEFINITIONS[component];
  const pieces: Buffer[] = [];
  const requests: string[] = [];
  const record = (socket: Socket) => void socket.on('data', (chunk) => pieces.push(chunk));
  const server =
    transport === 'plain'
      ? await startTcpServer((socket) => {
          record(socket);
          socket.once('data', () => socket.end(OK));
        })
      : await startScriptedTlsServer({
          flight: readRecording(FLIGHTS[component] ?? '').firstFlight as Buffer,
          sendFlight: (socket, flight) => {
            record(socket);
            socket.write(flight);
          },
          proceed: ({ socket, finished, seal, request: text }) => {
            requests.push(text);
            socket.end(Buffer.concat([finished, seal(23, OK)]));
          },
        });
  open.push(server);
  await startProbe().probe({ address: '127.0.0.1', port: server.port }, component);
  const received = Buffer.concat(pieces);
  if (transport === 'plain') {
    expect(received.toString('latin1')).toBe(expectedRequest(request.path));
    expect(sends).toEqual(['request']);
  } else {
    // The recorder hears from the first flight on: the hello came before it.
    const hello = Buffer.from([22, 3, 1, 0, 0]);
    expect(sendingsIn(Buffer.concat([hello, received]))).toEqual(sends);
    expect(requests).toEqual([expectedRequest(request.path)]);
  }
  expect(server.connections()).toBe(1);
});

it('an IPv6 address stands in brackets in the Host header', async () => {
  const requests: string[] = [];
  const server = await startTcpServer(
    (socket) =>
      void socket.once('data', (chunk) => {
        requests.push(chunk.toString('latin1'));
        socket.end(OK);
      }),
    '::1',
  );
  open.push(server);
  await startProbe().probe({ address: '::1', port: server.port }, 'kubelet-read-only');
  expect(requests[0]).toContain('\r\nHost: [::1]\r\n');
});

it('a connection leaves from the source address that was given', async () => {
  const sources: (string | undefined)[] = [];
  const server = await startTcpServer((socket) => {
    sources.push(socket.remoteAddress);
    socket.once('data', () => socket.end(OK));
  });
  open.push(server);
  const probe = createProbe({
    operator: { url: 'https://scan.example.org/', name: 'scan.example.org' },
    version: '0.1.0',
    mayConnect: () => true,
    sourceAddress: '127.0.0.77',
  });
  open.push(probe);
  await probe.probe({ address: '127.0.0.1', port: server.port }, 'kubelet-read-only');
  expect(sources).toEqual(['127.0.0.77']);
});

it('a source address that is not ours is local trouble and says nothing of the target', async () => {
  const probe = createProbe({
    operator: { url: 'https://scan.example.org/', name: 'scan.example.org' },
    version: '0.1.0',
    mayConnect: () => true,
    sourceAddress: '192.0.2.1',
  });
  open.push(probe);
  await expect(probe.probe({ address: '127.0.0.1', port: 9 }, 'kube-apiserver')).rejects.toMatchObject({
    code: 'PROBER_LOCAL_TROUBLE',
    systemCode: 'EADDRNOTAVAIL',
  });
});
