import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ManyServers, type Place } from './many-servers.ts';
import { CLIENT_CERTIFICATES, EACH_SUITE_ONCE, P384_KEY, TLS13_ONLY } from './server-case.ts';
import { itIsAskedOverOneConnection, itIsAskedOverTheLibrary, itTellsAskedFromRequired } from './server-contract.ts';

const GO_CURVES = { X25519: 'X25519', 'P-256': 'CurveP256', 'P-384': 'CurveP384' } as const;
// It has one page for whatever is asked.
const answer = { status: 200, body: expect.stringContaining('<h1>Node Exporter</h1>') };

const servers = new ManyServers();

function command({ of, listen, pair, clientAuthority }: Place): string[] {
  // For HTTP/2 it would insist on a suite.
  const lines = [
    'http_server_config:',
    '  http2: false',
    'tls_server_config:',
    `  cert_file: ${pair.certFile}`,
    `  key_file: ${pair.keyFile}`,
  ];
  const version = of.version === 'tls12' ? 'TLS12' : 'TLS13';
  lines.push(`  min_version: ${version}`, `  max_version: ${version}`);
  if (of.suite !== undefined) lines.push(`  cipher_suites: [${of.suite.registryName}]`);
  if (of.curve !== undefined) lines.push(`  curve_preferences: [${GO_CURVES[of.curve]}]`);
  if (of.clientCertificate !== undefined) {
    const isRequired = of.clientCertificate === 'required';
    lines.push(`  client_ca_file: ${clientAuthority}`);
    lines.push(`  client_auth_type: ${isRequired ? 'RequireAndVerifyClientCert' : 'VerifyClientCertIfGiven'}`);
  }
  const config = servers.writeFile(servers.createFolder(), 'web.yml', `${lines.join('\n')}\n`);
  const listening = [`--web.listen-address=${listen}`, `--web.config.file=${config}`];
  return ['prometheus-node-exporter', '--collector.disable-defaults', '--web.disable-exporter-metrics', ...listening];
}

beforeAll(() => servers.startEach([...EACH_SUITE_ONCE, P384_KEY, ...TLS13_ONLY, ...CLIENT_CERTIFICATES], command));
afterAll(() => servers.close());

describe("Debian's prometheus-node-exporter, a server in Go,", () => {
  itIsAskedOverOneConnection(servers, [...EACH_SUITE_ONCE, P384_KEY], answer);
  itIsAskedOverTheLibrary(servers, TLS13_ONLY, answer);
  itTellsAskedFromRequired(servers, answer);
});
