import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { CertificatePool, type KeyKind } from '../../../test/support/prober/certificates.ts';
import { closeAfterEach } from '../../../test/support/prober/open-probe.ts';
import { closedPort } from '../../../test/support/prober/servers.ts';

const certificates = new CertificatePool();
const servers: ChildProcess[] = [];
const { startProbe } = closeAfterEach({ provePossession: true });
afterEach(async () => {
  for (const server of servers.splice(0)) {
    if (server.exitCode === null && server.kill()) await once(server, 'exit');
  }
});
afterAll(() => certificates.remove());

/** `openssl s_server`, which answers any request with a page of its own. */
async function startOpenssl(kind: KeyKind, options: string[]): Promise<number> {
  const { keyFile, certFile } = certificates.apiServer(kind);
  const port = await closedPort();
  const files = ['-key', keyFile, '-cert', certFile];
  const server = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, ...files, '-www', ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  servers.push(server);
  for await (const chunk of server.stdout) if (String(chunk).includes('ACCEPT')) break;
  return port;
}

async function look(port: number) {
  return startProbe().probe({ address: '127.0.0.1', port }, 'kube-apiserver');
}

describe('openssl s_server', () => {
  it.each([
    ['rsa', ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256', '-groups', 'X25519']],
    ['rsa', ['-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384', '-groups', 'P-384']],
    ['rsa', ['-tls1_2', '-cipher', 'ECDHE-RSA-CHACHA20-POLY1305', '-groups', 'P-256']],
    ['p256', ['-tls1_2']],
    ['p384', ['-tls1_2']],
    ['ed25519', ['-tls1_2']],
    ['p256', ['-tls1_2', '-verify', '1']],
    ['p256', ['-tls1_2', '-split_send_frag', '512', '-max_pipelines', '1']],
  ] as [KeyKind, string[]][])('with a key of kind %s and %j answers on one connection', async (kind, options) => {
    const observation = await look(await startOpenssl(kind, options));
    expect(observation).toMatchObject({
      outcome: 'answered',
      possession: 'proved',
      evidence: { response: { status: 200 } },
    });
    expect(observation.secondConnection).toBeUndefined();
  });

  it('held to TLS 1.3 answers over the fallback', async () => {
    expect(await look(await startOpenssl('p256', ['-tls1_3']))).toMatchObject({
      outcome: 'answered',
      secondConnection: 'fallback',
    });
  });

  it.each([[['-tls1_2']], [['-tls1_3']]])(
    'that requires a client certificate with %j is present and closed',
    async (options) => {
      expect(await look(await startOpenssl('p256', [...options, '-Verify', '1']))).toMatchObject({
        outcome: 'present',
        reason: 'client-certificate-required',
      });
    },
  );

  it.each([
    ['CBC suites', ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-SHA']],
    ['RSA key exchange', ['-tls1_2', '-cipher', 'AES128-GCM-SHA256']],
    ['finite-field Diffie-Hellman', ['-tls1_2', '-cipher', 'DHE-RSA-AES128-GCM-SHA256']],
    ['TLS 1.1', ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0']],
  ])('held to %s shows its certificate in clear and answers over the fallback', async (_, options) => {
    const observation = await look(await startOpenssl('rsa', options));
    expect(observation).toMatchObject({
      outcome: 'answered',
      secondConnection: 'fallback',
      evidence: { chainLength: 1 },
    });
    expect(observation.evidence.firstFlight?.serverHello).not.toBe('');
  });
});
