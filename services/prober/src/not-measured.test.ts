import type { Component } from '@kubecensus/shared/vocabulary';
import { afterAll, expect, it } from 'vitest';
import { CertificatePool } from '../../../test/support/prober/certificates.ts';
import { closeAfterEach } from '../../../test/support/prober/open-probe.ts';
import {
  closedPort,
  type RunningServer,
  startTcpServer,
  startTlsServer,
} from '../../../test/support/prober/servers.ts';
import { libraryFirstFlight } from './library-evidence.ts';
import type { ProbeOptions } from './probe-target.ts';

const certificates = new CertificatePool();
const { startProbe, keep } = closeAfterEach();
afterAll(() => certificates.remove());

async function look(
  server: Promise<RunningServer>,
  component: Component = 'kube-apiserver',
  options: Partial<ProbeOptions> = {},
) {
  const running = await keep(server);
  const probe = startProbe({
    ...options,
  });
  return probe.probe({ address: '127.0.0.1', port: running.port }, component);
}

it('what TLS 1.3 and the library hide is unknown or left out, and never "no"', async () => {
  const { evidence } = await look(startTlsServer({ ...certificates.apiServer(), minVersion: 'TLSv1.3' }));
  expect(evidence.firstFlight).toEqual({
    tlsVersion: 'tls13',
    cipherSuite: expect.any(Number),
    curve: 29,
    certificateRequest: 'unknown',
    serverHello: '',
  });
});

it('a suite and a curve that have no number here are left out', () => {
  const flight = { cipherSuiteName: 'TLS_OF_TOMORROW', curveName: 'P-1', chain: [], chainLength: 0 };
  expect(libraryFirstFlight({ ...flight, tlsVersion: 'tls12' })).toEqual({
    tlsVersion: 'tls12',
    certificateRequest: 'unknown',
    serverHello: '',
  });
});

it('a look that ends at the first flight says nothing of answers', async () => {
  const server = startTlsServer({ ...certificates.apiServer(), maxVersion: 'TLSv1.2' });
  const observation = await look(server, 'kube-apiserver', { firstFlightOnly: true });
  expect(observation).toMatchObject({ outcome: 'present', reason: 'first-flight-only' });
  expect(observation.evidence).not.toHaveProperty('response');
  expect(observation).not.toHaveProperty('possession');
  expect(observation).not.toHaveProperty('secondConnection');
});

it('a plain port says nothing of TLS', async () => {
  const server = startTcpServer((socket) => void socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nok')));
  const { evidence } = await look(server, 'kubelet-read-only');
  expect(evidence).toEqual({ chain: [], chainLength: 0, response: { status: 200, headers: [], body: 'b2s=' } });
});

it('a refused connect measured no time, and left no evidence', async () => {
  const probe = startProbe();
  const port = await closedPort();
  const observation = await probe.probe({ address: '127.0.0.1', port }, 'kube-apiserver');
  expect(observation).toEqual({
    address: '127.0.0.1',
    port,
    component: 'kube-apiserver',
    outcome: 'connection-refused',
    observedAt: expect.any(Number),
    durationMs: expect.any(Number),
    evidence: { chain: [], chainLength: 0 },
  });
});
