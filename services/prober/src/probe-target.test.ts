import { observationSchema } from '@kubecensus/shared/messages';
import Value from 'typebox/value';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { CertificatePool } from '../../../test/support/prober/certificates.ts';
import { closeAfterEach } from '../../../test/support/prober/open-probe.ts';
import { closedPort, startTcpServer, startTlsServer, VERSION_BODY } from '../../../test/support/prober/servers.ts';
import { LazyFlightNames } from './flight-names.ts';

const certificates = new CertificatePool();
const { startProbe, keep } = closeAfterEach({ connectTimeoutMs: 2000 });
afterAll(() => certificates.remove());

const REQUEST =
  'GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\n' +
  'User-Agent: Mozilla/5.0 (compatible; kubecensus/0.1.0; +https://scan.example.org/)\r\n' +
  'Accept: application/json\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n';

describe('an API server over TLS 1.2', () => {
  const suites = [
    ['rsa', 'ECDHE-RSA-AES128-GCM-SHA256'],
    ['rsa', 'ECDHE-RSA-AES256-GCM-SHA384'],
    ['rsa', 'ECDHE-RSA-CHACHA20-POLY1305'],
    ['p256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
    ['p256', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
    ['p256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ] as const;
  const curves = ['X25519', 'P-256', 'P-384'] as const;
  const cases = suites.flatMap(([kind, ciphers]) => curves.map((ecdhCurve) => ({ kind, ciphers, ecdhCurve })));

  it.each(cases)('answers on one connection with $ciphers on $ecdhCurve', async ({ kind, ciphers, ecdhCurve }) => {
    const server = await keep(
      startTlsServer({ ...certificates.apiServer(kind), ciphers, ecdhCurve, maxVersion: 'TLSv1.2' }),
    );
    const observation = await startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
    expect(observation).toMatchObject({ outcome: 'answered', evidence: { chainLength: 1, response: { status: 200 } } });
    expect(Value.Check(observationSchema, observation)).toBe(true);
    expect(Buffer.from(observation.evidence.response?.body ?? '', 'base64').toString()).toBe(VERSION_BODY);
    expect(observation.secondConnection).toBeUndefined();
    expect(server.requests).toEqual([REQUEST]);
    expect(server.connections()).toBe(1);
  });

  it('is answered with no certificate when it asks the client for one', async () => {
    const server = await keep(
      startTlsServer({
        ...certificates.apiServer('rsa'),
        requestCert: true,
        rejectUnauthorized: false,
        maxVersion: 'TLSv1.2',
      }),
    );
    const observation = await startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
    expect(observation.outcome).toBe('answered');
    expect(observation.evidence.firstFlight?.certificateRequest).toMatchObject({ clientCas: [] });
  });
});

it('a server held to TLS 1.3 is asked over the fallback, and the second connection says why', async () => {
  const server = await keep(startTlsServer({ ...certificates.apiServer(), minVersion: 'TLSv1.3' }));
  const observation = await startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
  expect(observation).toMatchObject({
    outcome: 'answered',
    secondConnection: 'fallback',
    evidence: {
      chainLength: 1,
      firstFlight: { tlsVersion: 'tls13', certificateRequest: 'unknown' },
      response: { status: 200 },
    },
  });
  expect(Value.Check(observationSchema, observation)).toBe(true);
  expect(server.requests).toEqual([REQUEST]);
  expect(server.connections()).toBe(2);
});

it('a server of TLS 1.0 with a suite of old is asked over the fallback', async () => {
  const server = await keep(
    startTlsServer({
      ...certificates.apiServer('rsa'),
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1',
      ciphers: 'AES128-SHA:@SECLEVEL=0',
    }),
  );
  const observation = await startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
  expect(observation).toMatchObject({
    outcome: 'answered',
    secondConnection: 'fallback',
    evidence: { firstFlight: { tlsVersion: 'tls10', cipherSuite: 0x002f, certificateRequest: 'none' } },
  });
});

it('a server of TLS 1.3 without Kubernetes names is left after its handshake', async () => {
  const server = await keep(startTlsServer({ ...certificates.shop(), minVersion: 'TLSv1.3' }));
  const observation = await startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
  expect(observation).toMatchObject({
    outcome: 'not-component',
    secondConnection: 'fallback',
    evidence: { chainLength: 1 },
  });
  expect(server.requests).toEqual([]);
});

it('a look that is a second connection already is not followed by a third', async () => {
  const server = await keep(startTlsServer({ ...certificates.apiServer(), minVersion: 'TLSv1.3' }));
  const observation = await startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver', {
    secondConnection: 'loss-sample',
  });
  expect(observation).toMatchObject({ outcome: 'handshake-refused', secondConnection: 'loss-sample' });
  expect(server.connections()).toBe(1);
});

it('a TLS server without Kubernetes names is left after its first flight, its certificate kept', async () => {
  const server = await keep(startTlsServer(certificates.shop()));
  const observation = await startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
  expect(observation).toMatchObject({ outcome: 'not-component', evidence: { chainLength: 1 } });
  expect(server.requests).toEqual([]);
});

it('a thorough scan asks a TLS server without Kubernetes names too', async () => {
  const server = await keep(startTlsServer(certificates.shop()));
  const observation = await startProbe({ thorough: true }).probe(
    { address: '127.0.0.1', port: server.port },
    'kube-apiserver',
  );
  expect(observation).toMatchObject({ outcome: 'not-component', evidence: { response: { status: 200 } } });
});

it('a scan of first flights only finds the API server and sends no request', async () => {
  const server = await keep(startTlsServer(certificates.apiServer()));
  const observation = await startProbe({ firstFlightOnly: true }).probe(
    { address: '127.0.0.1', port: server.port },
    'kube-apiserver',
  );
  expect(observation).toMatchObject({ outcome: 'present', reason: 'first-flight-only' });
  expect(server.requests).toEqual([]);
});

it('equal servers give equal evidence', async () => {
  const server = await keep(startTlsServer(certificates.apiServer()));
  const probe = startProbe();
  const first = await probe.probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
  const second = await probe.probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
  expect(second.evidence).toEqual(first.evidence);
});

it('a closed port is refused', async () => {
  const observation = await startProbe().probe({ address: '127.0.0.1', port: await closedPort() }, 'kube-apiserver');
  expect(observation.outcome).toBe('connection-refused');
  expect(observation.connectMs).toBeUndefined();
});

it('a target that the last gate refuses is excluded and sees no connection', async () => {
  const server = await keep(startTlsServer(certificates.apiServer()));
  const target = { address: '127.0.0.1', port: server.port };
  const observation = await startProbe({ mayConnect: () => false }).probe(target, 'kube-apiserver');
  expect(observation).toMatchObject({ outcome: 'excluded', evidence: { chain: [] } });
  expect(server.connections()).toBe(0);
});

it('a target that the last gate refuses before the fallback is excluded, and nothing of the first look is kept', async () => {
  const server = await keep(startTlsServer({ ...certificates.apiServer(), minVersion: 'TLSv1.3' }));
  let asked = 0;
  const observation = await startProbe({ mayConnect: () => ++asked === 1 }).probe(
    { address: '127.0.0.1', port: server.port },
    'kube-apiserver',
  );
  expect(observation).toMatchObject({ outcome: 'excluded', evidence: { chain: [] } });
  expect(observation.secondConnection).toBeUndefined();
  expect(server.connections()).toBe(1);
});

it('an exclusion that comes while a connection is opening resets it', async () => {
  // No event of the connect is heard before this turn of the loop ends, so it is still opening at the recheck.
  let isAllowed = true;
  const server = await keep(startTcpServer(() => {}));
  const probe = startProbe({ mayConnect: () => isAllowed });
  const looking = probe.probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
  isAllowed = false;
  probe.recheck();
  expect(await looking).toMatchObject({ outcome: 'excluded' });
});

it('a name in place of an address is refused and never looked up', () => {
  expect(() => startProbe().probe({ address: 'localhost', port: 443 }, 'kube-apiserver')).toThrow(TypeError);
});

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a server name of one’s own is said over %s, and none otherwise',
  async (version) => {
    const { key, cert } = certificates.apiServer();
    const names: string[] = [];
    const SNICallback = (name: string, done: (error: null) => void) => {
      names.push(name);
      done(null);
    };
    const server = await keep(startTlsServer({ key, cert, SNICallback, minVersion: version, maxVersion: version }));
    const target = { address: '127.0.0.1', port: server.port };
    expect((await startProbe().probe(target, 'kube-apiserver')).outcome).toBe('answered');
    expect(names).toEqual([]);
    expect((await startProbe({ serverName: 'api.example.org' }).probe(target, 'kube-apiserver')).outcome).toBe(
      'answered',
    );
    expect(new Set(names)).toEqual(new Set(['api.example.org']));
  },
);

it('a fault in a rule of ours costs one target one internal error, is reported, and stops nothing', async () => {
  const server = await keep(startTlsServer(certificates.apiServer()));
  const target = { address: '127.0.0.1', port: server.port };
  const faults: string[] = [];
  const probe = startProbe({ reportFault: (error, { port }) => faults.push(`${error.message} at ${port}`) });
  const broken = vi.spyOn(LazyFlightNames.prototype, 'dnsNames', 'get').mockImplementationOnce(() => {
    throw new RangeError('broken rule');
  });
  expect(await probe.probe(target, 'kube-apiserver')).toMatchObject({ outcome: 'internal-error' });
  broken.mockRestore();
  expect(faults).toEqual([`broken rule at ${server.port}`]);
  expect(await probe.probe(target, 'kube-apiserver')).toMatchObject({ outcome: 'answered' });
});
