import { afterAll, describe, expect, it } from 'vitest';
import { CertificatePool, type KeyKind } from '../../../test/support/prober/certificates.ts';
import { closeAfterEach } from '../../../test/support/prober/open-probe.ts';
import { readRecording } from '../../../test/support/prober/recordings.ts';
import { startScriptedTlsServer } from '../../../test/support/prober/scripted-tls.ts';
import { startTlsServer } from '../../../test/support/prober/servers.ts';

const certificates = new CertificatePool();
const { startProbe, keep } = closeAfterEach({ provePossession: true });
afterAll(() => certificates.remove());

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
    const server = await keep(startTlsServer({ ...certificates.apiServer(kind), maxVersion: 'TLSv1.2', sigalgs }));
    const observation = await startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
    expect(observation).toMatchObject({ outcome: 'answered', possession: 'proved' });
  });

  it('over the fallback, where the library has checked it', async () => {
    const server = await keep(startTlsServer({ ...certificates.apiServer(), minVersion: 'TLSv1.3' }));
    const observation = await startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
    expect(observation).toMatchObject({ secondConnection: 'fallback', possession: 'proved' });
  });
});

it("a server that replays another's first flight is found out", async () => {
  const server = await keep(
    startScriptedTlsServer({
      flight: readRecording('kube-apiserver-defaults').firstFlight as Buffer,
    }),
  );
  const probe = startProbe({ firstFlightOnly: true });
  const observation = await probe.probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
  expect(observation).toMatchObject({ outcome: 'present', possession: 'failed' });
});

it('a probe that does not ask for the proof says nothing of it', async () => {
  const server = await keep(startTlsServer({ ...certificates.apiServer(), maxVersion: 'TLSv1.2' }));
  const probe = startProbe({ provePossession: false });
  const observation = await probe.probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
  expect(observation.possession).toBeUndefined();
});
