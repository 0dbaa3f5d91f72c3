import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWN_ADDRESS } from '../support/own-address.ts';
import { ManyServers, type Place } from './many-servers.ts';
import { CLIENT_CERTIFICATES, EACH_SUITE_AND_CURVE, P384_KEY, TLS13_ONLY } from './server-case.ts';
import { itIsAskedOverOneConnection, itIsAskedOverTheLibrary, itTellsAskedFromRequired } from './server-contract.ts';

const inFolder = (name: string) => fileURLToPath(new URL(`nodes/${name}`, import.meta.url));
/** This one, and the packages of nodes/package.json: OpenSSL 1.1.1, 3.0 and 3.5. */
const NODES = [
  process.execPath,
  ...['node-16', 'node-24'].map((name) => inFolder(`node_modules/${name}-${process.arch}/bin/node`)),
];

function options({ of, port, pair, clientAuthority }: Place): object {
  const version = of.version === 'tls12' ? 'TLSv1.2' : 'TLSv1.3';
  return {
    address: OWN_ADDRESS,
    port,
    cert: pair.certFile,
    key: pair.keyFile,
    minVersion: version,
    maxVersion: version,
    ciphers: of.suite?.name,
    ecdhCurve: of.curve,
    ca: of.clientCertificate === undefined ? undefined : clientAuthority,
    requireCertificate: of.clientCertificate === 'required',
  };
}

it('they are of different versions, and of different versions of OpenSSL', () => {
  const versions = NODES.map((node) =>
    execFileSync(node, ['-p', 'process.versions.openssl.slice(0, 3)'], { encoding: 'utf8' }).trim(),
  );
  expect(new Set(versions).size).toBe(NODES.length);
  expect(versions.slice(1)).toEqual(['1.1', '3.5']);
});

describe.each(NODES)('%s', (node) => {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const answer = { status: 200, body: `a page of Node ${version}` };
  const servers = new ManyServers();
  beforeAll(() =>
    servers.startOne([...EACH_SUITE_AND_CURVE, P384_KEY, ...TLS13_ONLY, ...CLIENT_CERTIFICATES], (places) => [
      node,
      inFolder('serve.cjs'),
      JSON.stringify(places.map(options)),
    ]),
  );
  afterAll(() => servers.close());

  itIsAskedOverOneConnection(servers, [...EACH_SUITE_AND_CURVE, P384_KEY], answer);
  itIsAskedOverTheLibrary(servers, TLS13_ONLY, answer);
  // Node lets a client without a certificate finish the handshake, and closes.
  itTellsAskedFromRequired(servers, answer);
});
