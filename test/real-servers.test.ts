import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProbe, type Probe } from '../services/prober/src/index.ts';
import type { Observation } from '../shared/src/messages/index.ts';
import { makeCertificate, type Program, startProgram, takeFreePort } from './support/programs.ts';

const RSA = ['-newkey', 'rsa:2048'];
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const WEB = 'DNS:www.r4e.example.net';
const ETCD = 'DNS:etcd-0,DNS:localhost,IP:127.0.0.1';
const GO_SUITES: Record<string, string> = {
  rsa: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  ec: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
};
const API_SERVER = 'DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:10.96.0.1';

let directory: string;
let probe: Probe;
const programs: Program[] = [];

async function start(command: string, port: number, args: readonly string[]): Promise<Program> {
  const program = await startProgram(command, args, port);
  programs.push(program);
  return program;
}

function look({ port }: Program): Promise<Observation> {
  return probe.probe({ address: '127.0.0.1', port }, 'kube-apiserver');
}

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'real-'));
  chmodSync(directory, 0o755);
  probe = createProbe({
    operator: { url: 'https://census.r4e.example.net', name: 'census.r4e.example.net' },
    version: '0.1.0',
    mayConnect: () => true,
  });
});
afterAll(async () => {
  await probe.close();
  await Promise.all(programs.map((program) => program.stop()));
  rmSync(directory, { recursive: true, force: true });
});

describe('nginx', () => {
  async function startNginx(tls: boolean, protocols = 'TLSv1.2 TLSv1.3'): Promise<Program> {
    const port = await takeFreePort();
    const root = mkdtempSync(path.join(directory, 'nginx-'));
    chmodSync(root, 0o755);
    const { certificate, key } = makeCertificate(root, 'www', WEB, EC);
    const listen = tls
      ? `listen 127.0.0.1:${port} ssl; ssl_protocols ${protocols}; ssl_certificate ${certificate}; ssl_certificate_key ${key};`
      : `listen 127.0.0.1:${port};`;
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (of) => `${of}_temp_path ${root}/${of};`,
    );
    writeFileSync(
      `${root}/nginx.conf`,
      `daemon off; master_process off; pid ${root}/pid; error_log ${root}/error.log; events {}
       http { access_log off; ${temporary.join(' ')} server { ${listen} location / { return 404; } } }\n`,
    );
    return start('nginx', port, ['-p', root, '-e', `${root}/error.log`, '-c', `${root}/nginx.conf`]);
  }

  it('is TLS and no API server; its certificate is read, and nothing is asked', async () => {
    const { outcome, evidence, secondConnection } = await look(await startNginx(true));
    expect(outcome).toBe('not-component');
    expect(evidence.chain).toHaveLength(1);
    expect(evidence.firstFlight).toMatchObject({ tlsVersion: 'tls12', certificateRequest: 'none' });
    expect(evidence.response).toBeUndefined();
    expect(secondConnection).toBeUndefined();
  });

  it('held to TLS 1.3 is looked at by the fallback, and is no API server', async () => {
    const { outcome, evidence, secondConnection } = await look(await startNginx(true, 'TLSv1.3'));
    expect(outcome).toBe('not-component');
    expect(evidence.chain).toHaveLength(1);
    expect(evidence.firstFlight?.certificateRequest).toBe('unknown');
    expect(secondConnection).toBe('fallback');
  });

  it('in clear is not TLS', async () => {
    expect((await look(await startNginx(false))).outcome).toBe('not-tls');
  });
});

describe("Debian's etcd", () => {
  async function startEtcd(name: string, keyArgs: readonly string[], ...args: string[]): Promise<Program> {
    const [client, peer] = [await takeFreePort(), await takeFreePort()];
    const { certificate, key } = makeCertificate(directory, name, ETCD, keyArgs);
    const [clientUrl, peerUrl] = [`https://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
    return start('etcd', client, [
      ...['--data-dir', path.join(directory, `data-${name}`), '--log-level', 'error'],
      ...['--listen-client-urls', clientUrl, '--advertise-client-urls', clientUrl],
      ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
      ...['--initial-cluster', `default=${peerUrl}`, '--cert-file', certificate, '--key-file', key],
      ...args.map((word) => (word === '<its certificate>' ? certificate : word)),
    ]);
  }

  const WITH_CLIENT_CERTIFICATES = ['--client-cert-auth', '--trusted-ca-file', '<its certificate>'];

  it('that wants client certificates is no API server, though it is written in Go and asks for one', async () => {
    const etcd = await startEtcd('etcd-0', RSA, ...WITH_CLIENT_CERTIFICATES);
    const { outcome, evidence } = await look(etcd);
    expect(outcome).toBe('not-component');
    expect(evidence.firstFlight?.certificateRequest).toMatchObject({ clientCas: [expect.any(String)] });
    expect(evidence.response).toBeUndefined();
  });

  it.each([
    ['rsa', RSA, 0xc02f],
    ['ec', EC, 0xc02b],
  ])(
    'that wants client certificates is, as etcd, present and silent for want of one: %s key',
    async (kind, key, suite) => {
      const etcd = await startEtcd(
        `etcd-${kind}`,
        key,
        ...WITH_CLIENT_CERTIFICATES,
        '--cipher-suites',
        GO_SUITES[kind] ?? '',
      );
      const seen = await probe.probe({ address: '127.0.0.1', port: etcd.port }, 'etcd-client');
      expect(seen).toMatchObject({
        outcome: 'present',
        reason: 'client-certificate-required',
        evidence: { chainLength: 1, firstFlight: { tlsVersion: 'tls12', cipherSuite: suite } },
      });
      expect(seen.secondConnection).toBeUndefined();
    },
  );

  it('that wants none says its version', async () => {
    const etcd = await startEtcd('etcd-open', EC);
    const seen = await probe.probe({ address: '127.0.0.1', port: etcd.port }, 'etcd-client');
    expect(seen).toMatchObject({ outcome: 'answered', evidence: { firstFlight: { certificateRequest: 'none' } } });
    const body = Buffer.from(seen.evidence.response?.body ?? '', 'base64').toString();
    expect(JSON.parse(body)).toEqual({ etcdserver: expect.any(String), etcdcluster: expect.any(String) });
  });
});

describe('openssl s_server', () => {
  async function startServer(altNames: string, ...args: string[]): Promise<Program> {
    const port = await takeFreePort();
    const name = `server-${port}`;
    const { certificate, key } = makeCertificate(directory, name, altNames, RSA);
    return start('openssl', port, [
      's_server',
      '-accept',
      `127.0.0.1:${port}`,
      '-cert',
      certificate,
      '-key',
      key,
      '-www',
      '-quiet',
      ...args,
    ]);
  }

  it('held to TLS 1.3 is looked at once more by the fallback, and is no API server', async () => {
    const { outcome, secondConnection, evidence } = await look(await startServer(WEB, '-tls1_3'));
    expect(outcome).toBe('not-component');
    expect(secondConnection).toBe('fallback');
    expect(evidence.chain).toHaveLength(1);
  });

  it("with an API server's names is present on either version, and its page is no version", async () => {
    for (const version of ['-tls1_2', '-tls1_3']) {
      const { outcome, evidence } = await look(await startServer(API_SERVER, version));
      expect(outcome, version).toBe('answered');
      expect(evidence.response?.status, version).toBe(200);
      expect(Buffer.from(evidence.response?.body ?? '', 'base64').toString(), version).not.toContain('gitVersion');
    }
  });
});
