import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { CertificatePool, type KeyKind } from '../../../test/support/prober/certificates.ts';
import { readRecording } from '../../../test/support/prober/recordings.ts';
import { startScriptedTlsServer } from '../../../test/support/prober/scripted-tls.ts';
import { startTlsServer } from '../../../test/support/prober/servers.ts';
import { createProbe, type Probe, type ProbeOptions } from './probe-target.ts';

const certificates = new CertificatePool();
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
afterAll(() => certificates.remove());

function startProbe(options: Partial<ProbeOptions> = {}): Probe {
  const probe = createProbe({
    operator: { url: 'https://scan.example.org/', name: 'scan.example.org' },
    version: '0.1.0',
    mayConnect: () => true,
    provePossession: true,
    ...options,
  });
  open.push(probe);
  return probe;
}

describe('a server that holds its key proves it', () => {
  it.each([
    ['rsa', 'rsa_pss_rsae_sha256'],
    ['rsa', 'rsa_pss_rsae_sha512'],
    ['rsa', 'RSA+SHA256'],
    ['rsa', 'RSA+SHA384'],
    ['p256', 'ECDSA+SHA256'],
    ['p384', 'ECDSA+SHA384'],
    ['ed25519', 'ed25519'],
  ] as [KeyKind, string][])('with a key of kind %s by %s', async (kind, sigalgs) => {
    const server = await startTlsServer({ ...certificates.apiServer(kind), maxVersion: 'TLSv1.2', sigalgs });
    open.push(server);
    const observation = await startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
    expect(observation).toMatchObject({ outcome: 'answered', possession: 'proved' });
  });

  it('over the fallback, where the library has checked it', async () => {
    const server = await startTlsServer({ ...certificates.apiServer(), minVersion: 'TLSv1.3' });
    open.push(server);
    const observation = await startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
    expect(observation).toMatchObject({ secondConnection: 'fallback', possession: 'proved' });
  });
});

it("a server that replays another's first flight is found out", async () => {
  const server = await startScriptedTlsServer({
    flight: readRecording('kube-apiserver-defaults').firstFlight as Buffer,
  });
  open.push(server);
  const probe = startProbe({ firstFlightOnly: true });
  const observation = await probe.probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
  expect(observation).toMatchObject({ outcome: 'present', possession: 'failed' });
});

it('a probe that does not ask for the proof says nothing of it', async () => {
  const server = await startTlsServer({ ...certificates.apiServer(), maxVersion: 'TLSv1.2' });
  open.push(server);
  const probe = startProbe({ provePossession: false });
  const observation = await probe.probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
  expect(observation.possession).toBeUndefined();
});
