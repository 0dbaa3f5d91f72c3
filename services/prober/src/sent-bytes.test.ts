import type { Socket } from 'node:net';
import { COMPONENTS, type Component } from '@kubecensus/shared/vocabulary';
import { afterAll, describe, expect, it } from 'vitest';
import { CertificatePool } from '../../../test/support/prober/certificates.ts';
import { closeAfterEach } from '../../../test/support/prober/open-probe.ts';
import { readRecording } from '../../../test/support/prober/recordings.ts';
import { handshakeOf, startScriptedTlsServer } from '../../../test/support/prober/scripted-tls.ts';
import { startTcpServer, startTlsServer } from '../../../test/support/prober/servers.ts';
import { COMPONENT_DEFINITIONS, type Sending } from './components/index.ts';
import { clientRandomOf, createClientHello } from './wire/client-hello.ts';
import { parseFirstFlight } from './wire/first-flight.ts';

const certificates = new CertificatePool();
const { startProbe, keep } = closeAfterEach();
afterAll(() => certificates.remove());

const FLIGHTS: Partial<Record<Component, string>> = {
  'kube-apiserver': 'kube-apiserver-defaults',
  kubelet: 'kubelet-anonymous-on',
  'etcd-client': 'etcd-client',
  'etcd-peer': 'etcd-peer',
  'kube-controller-manager': 'kube-controller-manager',
  'kube-scheduler': 'kube-scheduler',
};
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const X25519 = 29;

function expectedRequest(path: string): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
    'User-Agent: Mozilla/5.0 (compatible; kubecensus/0.1.0; +https://scan.example.org/)\r\n' +
    'Accept: application/json\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n'
  );
}

/** The records of a stream; fails where it does not end with one. */
function recordsOf(stream: Buffer): { type: number; version: number; body: Buffer }[] {
  const records = [];
  for (let at = 0; at < stream.length; ) {
    const end = at + 5 + stream.readUInt16BE(at + 3);
    expect(end).toBeLessThanOrEqual(stream.length);
    records.push({
      type: stream[at] as number,
      version: stream.readUInt16BE(at + 1),
      body: stream.subarray(at + 5, end),
    });
    at = end;
  }
  return records;
}

/** The hello with the last four octets of its random, which are fresh each time, blanked. */
function steadyHello(hello: Buffer): string {
  const copy = Buffer.from(hello);
  clientRandomOf(copy).fill(0, 28);
  return copy.toString('hex');
}

const DECLARED_HELLO = steadyHello(createClientHello('kubecensus scan.example.org').next());

/** An empty Certificate where one was asked for, and the key exchange with the base point of X25519. */
function declaredKeyExchange(isCertificateAsked: boolean): string {
  return `${isCertificateAsked ? '0b000003000000' : ''}10000021${'20'}09${'00'.repeat(31)}`;
}

/** The declared words for all that a server has read, each held to its bytes; nothing may be left over. */
function sendingsIn(stream: Buffer, flight: Buffer): Sending[] {
  const [hello, keyExchange, changeCipherSpec, finished, request, ...rest] = recordsOf(stream);
  if (hello === undefined) return [];
  expect(steadyHello(stream.subarray(0, 5 + hello.body.length))).toBe(DECLARED_HELLO);
  if (keyExchange === undefined) return ['client-hello'];
  const messages = handshakeOf(flight);
  const { certificateRequest, serverShare } = parseFirstFlight(messages, messages.length);
  expect(serverShare?.curve).toBe(X25519);
  expect(keyExchange).toMatchObject({ type: 22, version: 0x0303 });
  expect(keyExchange.body.toString('hex')).toBe(declaredKeyExchange(certificateRequest !== undefined));
  expect(changeCipherSpec).toEqual({ type: 20, version: 0x0303, body: Buffer.from([1]) });
  // Explicit nonce, sixteen octets of Finished, tag; the request is opened and compared below.
  expect(finished).toMatchObject({ type: 22, version: 0x0303, body: { length: 8 + 16 + 16 } });
  expect(request).toMatchObject({ type: 23, version: 0x0303 });
  expect(rest).toEqual([]);
  return ['client-hello', 'client-key-exchange-and-finished', 'request'];
}

describe.each(COMPONENTS)('%s', (component) => {
  const { transport, request, sends } = COMPONENT_DEFINITIONS[component];

  it('is sent what its file declares, byte for byte and no byte more', async () => {
    const heard: Buffer[] = [];
    const requests: string[] = [];
    const flight = readRecording(FLIGHTS[component] ?? 'kube-apiserver-defaults').firstFlight as Buffer;
    const server = await keep(
      transport === 'plain'
        ? startTcpServer((socket: Socket) => {
            socket.on('data', (chunk) => heard.push(chunk));
            socket.once('data', () => socket.end(OK));
          })
        : startScriptedTlsServer({
            flight,
            hear: (chunk) => heard.push(chunk),
            proceed: ({ socket, finished, seal, request: text }) => {
              requests.push(text);
              socket.end(Buffer.concat([finished, seal(23, OK)]));
            },
          }),
    );
    // Two components are known by their port, which a test cannot have: ask whatever the first flight shows.
    await startProbe({ thorough: true }).probe({ address: '127.0.0.1', port: server.port }, component);
    await server.close();
    const stream = Buffer.concat(heard);
    if (transport === 'plain') {
      expect(stream.toString('latin1')).toBe(expectedRequest(request.path));
      expect(sends).toEqual(['request']);
    } else {
      expect(sendingsIn(stream, flight)).toEqual(sends);
      expect(requests).toEqual([expectedRequest(request.path)]);
    }
    expect(server.connections()).toBe(1);
  });
});

const OVER_TLS = COMPONENTS.filter((component) => COMPONENT_DEFINITIONS[component].transport === 'tls');

it.each(OVER_TLS)('a server that is no %s is sent the hello alone', async (component) => {
  const heard: Buffer[] = [];
  // An etcd's flight says nothing of the others, and an API server's nothing of etcd.
  const other = component.startsWith('etcd') ? 'kube-apiserver-defaults' : 'etcd-client';
  const flight = readRecording(other).firstFlight as Buffer;
  const server = await keep(startScriptedTlsServer({ flight, hear: (chunk) => heard.push(chunk) }));
  const { outcome } = await startProbe().probe({ address: '127.0.0.1', port: server.port }, component);
  await server.close();
  expect(outcome).toBe('not-component');
  expect(sendingsIn(Buffer.concat(heard), flight)).toEqual(['client-hello']);
});

it('the fallback asks the same, shows no certificate, and calls nobody by a name', async () => {
  const names: (string | false | null)[] = [];
  const server = await keep(
    startTlsServer({
      ...certificates.apiServer(),
      minVersion: 'TLSv1.3',
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1', 'h2'],
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    }),
  );
  const { outcome } = await startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
  expect(outcome).toBe('answered');
  expect(server.requests).toEqual([expectedRequest('/version')]);
  expect(server.secured).toEqual([{ alpnProtocol: false, hasPeerCertificate: false }]);
  expect(names).toEqual([]);
  expect(server.connections()).toBe(2);
});

it('an IPv6 address stands in brackets in the Host header', async () => {
  const requests: string[] = [];
  const server = await keep(
    startTcpServer(
      (socket) =>
        void socket.once('data', (chunk) => {
          requests.push(chunk.toString('latin1'));
          socket.end(OK);
        }),
      '::1',
    ),
  );
  await startProbe().probe({ address: '::1', port: server.port }, 'kubelet-read-only');
  expect(requests[0]).toContain('\r\nHost: [::1]\r\n');
});

it('a connection leaves from the source address that was given', async () => {
  const sources: (string | undefined)[] = [];
  const server = await keep(
    startTcpServer((socket) => {
      sources.push(socket.remoteAddress);
      socket.once('data', () => socket.end(OK));
    }),
  );
  const probe = startProbe({ sourceAddress: '127.0.0.77' });
  await probe.probe({ address: '127.0.0.1', port: server.port }, 'kubelet-read-only');
  expect(sources).toEqual(['127.0.0.77']);
});

it('a source address that is not ours is local trouble and says nothing of the target', async () => {
  const probe = startProbe({ sourceAddress: '192.0.2.1' });
  await expect(probe.probe({ address: '127.0.0.1', port: 9 }, 'kube-apiserver')).rejects.toMatchObject({
    code: 'PROBER_LOCAL_TROUBLE',
    systemCode: 'EADDRNOTAVAIL',
  });
});
