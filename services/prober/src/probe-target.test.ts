import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProbe, type Probe, type ProbeOptions } from './probe-target.ts';

let folder = '';
const certificates = new Map<string, { key: string; cert: string }>();

function makeCertificate(name: string, keyArguments: string[], subject: string, names: string): void {
  const key = path.join(folder, `${name}.key`);
  const cert = path.join(folder, `${name}.crt`);
  const extension = ['-subj', subject, '-addext', `subjectAltName=${names}`];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', ...keyArguments, '-nodes', '-keyout', key, '-out', cert, '-days', '30', ...extension],
    {
      stdio: 'pipe',
    },
  );
  certificates.set(name, { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') });
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'probe-'));
  makeCertificate('rsa', ['rsa:2048'], '/CN=kube-apiserver', 'DNS:kubernetes,DNS:kubernetes.default,IP:10.96.0.1');
  makeCertificate(
    'ec',
    ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    '/O=k3s/CN=k3s',
    'DNS:kubernetes.default.svc',
  );
  makeCertificate('other', ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'], '/CN=shop', 'DNS:shop.example');
});
afterAll(() => rmSync(folder, { recursive: true }));

function createTestProbe(options: Partial<ProbeOptions> = {}): Probe {
  return createProbe({
    operator: { url: 'https://scan.example.org/', name: 'scan.example.org' },
    version: '0.1.0',
    mayConnect: () => true,
    connectTimeoutMs: 2000,
    ...options,
  });
}

const BODY = '{"major":"1","minor":"29","gitVersion":"v1.29.3"}';

async function withTlsServer<Result>(
  certificate: string,
  options: tls.TlsOptions,
  use: (port: number, requests: string[]) => Promise<Result>,
): Promise<Result> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = tls.createServer({ ...certificates.get(certificate), ...options }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      requests.push(chunk.toString('latin1'));
      socket.end(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`);
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use((server.address() as AddressInfo).port, requests);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('an API server over TLS 1.2', () => {
  const suites = [
    ['rsa', 'ECDHE-RSA-AES128-GCM-SHA256'],
    ['rsa', 'ECDHE-RSA-AES256-GCM-SHA384'],
    ['rsa', 'ECDHE-RSA-CHACHA20-POLY1305'],
    ['ec', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
    ['ec', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
    ['ec', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ] as const;
  const curves = ['X25519', 'P-256', 'P-384'] as const;
  for (const [certificate, ciphers] of suites) {
    for (const ecdhCurve of curves) {
      it(`answers on one connection with ${ciphers} on ${ecdhCurve}`, async () => {
        const options = { ciphers, ecdhCurve, maxVersion: 'TLSv1.2' } as const;
        await withTlsServer(certificate, options, async (port, requests) => {
          const probe = createTestProbe();
          const observation = await probe.probe({ address: '127.0.0.1', port }, 'kube-apiserver');
          expect(observation).toMatchObject({
            outcome: 'answered',
            evidence: { chainLength: 1, response: { status: 200 } },
          });
          expect(Buffer.from(observation.evidence.response?.body ?? '', 'base64').toString()).toBe(BODY);
          expect(requests).toEqual([
            'GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\n' +
              'User-Agent: Mozilla/5.0 (compatible; kubecensus/0.1.0; +https://scan.example.org/)\r\n' +
              'Accept: application/json\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n',
          ]);
        });
      });
    }
  }

  it('is answered with no certificate when it asks the client for one', async () => {
    const options = { requestCert: true, rejectUnauthorized: false, maxVersion: 'TLSv1.2' } as const;
    await withTlsServer('rsa', options, async (port) => {
      const observation = await createTestProbe().probe({ address: '127.0.0.1', port }, 'kube-apiserver');
      expect(observation.outcome).toBe('answered');
      expect(observation.evidence.firstFlight?.certificateRequest).toMatchObject({ clientCas: [] });
    });
  });
});

it('a TLS server without Kubernetes names is left after its first flight, its certificate kept', async () => {
  await withTlsServer('other', {}, async (port, requests) => {
    const observation = await createTestProbe().probe({ address: '127.0.0.1', port }, 'kube-apiserver');
    expect(observation).toMatchObject({ outcome: 'not-component', evidence: { chainLength: 1 } });
    expect(requests).toEqual([]);
  });
});

it('a closed port is refused', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const observation = await createTestProbe().probe({ address: '127.0.0.1', port }, 'kube-apiserver');
  expect(observation.outcome).toBe('connection-refused');
});

it('a target that the last gate refuses is excluded and sees no connection', async () => {
  await withTlsServer('rsa', {}, async (port) => {
    const observation = await createTestProbe({ mayConnect: () => false }).probe(
      { address: '127.0.0.1', port },
      'kube-apiserver',
    );
    expect(observation).toMatchObject({ outcome: 'excluded', evidence: { chain: [] } });
  });
});
