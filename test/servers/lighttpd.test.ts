import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWN_ADDRESS } from '../support/own-address.ts';
import { ManyServers, type Place } from './many-servers.ts';
import {
  CERTIFICATE_ONLY,
  CLIENT_CERTIFICATES,
  type Curve,
  EACH_SUITE_AND_CURVE,
  P384_KEY,
  type ServerCase,
  type Suite,
  TLS13_ONLY,
} from './server-case.ts';
import { itIsAskedOverOneConnection, itIsAskedOverTheLibrary, itTellsAskedFromRequired } from './server-contract.ts';

const PAGE = 'a page of lighttpd';
const answer = { status: 200, body: PAGE };

/** How a TLS library under lighttpd is told what to hold to; what it has no word for is its own choice. */
interface Library {
  name: string;
  curves: Partial<Record<Curve, string>>;
  suiteName?(suite: Suite): string;
}

const GNUTLS: Library = { name: 'gnutls', curves: { X25519: 'X25519', 'P-256': 'P-256', 'P-384': 'P-384' } };
const NSS: Library = { name: 'nss', curves: {}, suiteName: ({ name }) => name };
const MBEDTLS: Library = {
  name: 'mbedtls',
  curves: { X25519: 'x25519', 'P-256': 'secp256r1', 'P-384': 'secp384r1' },
  suiteName: ({ registryName }) => registryName.replaceAll('_', '-'),
};
const WOLFSSL: Library = {
  name: 'wolfssl',
  curves: { 'P-256': 'prime256v1', 'P-384': 'secp384r1' },
  suiteName: ({ name }) => name,
};

/** It closes where it misses a certificate, without an alert: that one is required shows in nothing. */
const CLOSED_WITHOUT_A_WORD = { outcome: 'present: false-start-refused', connections: 2 } as const;
const TRIPLE_DES: ServerCase = {
  kind: 'rsa',
  version: 'tls12',
  suite: CERTIFICATE_ONLY.find(({ id }) => id === 0x000a) as Suite,
};

function socket(library: Library, { of, listen, pair, clientAuthority }: Place): string {
  const version = of.version === 'tls12' ? 'TLSv1.2' : 'TLSv1.3';
  const commands = [`"MinProtocol" => "${version}"`, `"MaxProtocol" => "${version}"`];
  if (of.suite !== undefined) commands.push(`"CipherString" => "${library.suiteName?.(of.suite)}"`);
  if (of.curve !== undefined) commands.push(`"Curves" => "${library.curves[of.curve]}"`);
  const lines = [
    'ssl.engine = "enable"',
    `ssl.pemfile = "${pair.certFile}"`,
    `ssl.privkey = "${pair.keyFile}"`,
    `ssl.openssl.ssl-conf-cmd = (${commands.join(', ')})`,
  ];
  if (of.clientCertificate !== undefined) {
    lines.push(`ssl.verifyclient.ca-file = "${clientAuthority}"`, 'ssl.verifyclient.activate = "enable"');
    lines.push(`ssl.verifyclient.enforce = "${of.clientCertificate === 'required' ? 'enable' : 'disable'}"`);
  }
  return `$SERVER["socket"] == "${listen}" { ${lines.join('\n')} }`;
}

function start(servers: ManyServers, library: Library, cases: readonly ServerCase[]): Promise<void> {
  return servers.startOne(cases, (places) => {
    const folder = servers.createFolder();
    const root = path.join(folder, 'root');
    mkdirSync(root);
    servers.writeFile(root, 'version', PAGE);
    const text = [
      `server.modules = ("mod_${library.name}")`,
      `server.document-root = "${root}"`,
      `server.bind = "${OWN_ADDRESS}"`,
      `server.port = ${places[0]?.port}`,
      `server.errorlog = "${folder}/error.log"`,
      ...places.map((place) => socket(library, place)),
    ];
    return ['lighttpd', '-D', '-f', servers.writeFile(folder, 'lighttpd.conf', `${text.join('\n')}\n`)];
  });
}

function casesOf(library: Library): ServerCase[] {
  const told = [...EACH_SUITE_AND_CURVE, P384_KEY].map(
    ({ suite, curve, ...rest }): ServerCase => ({
      ...rest,
      ...(library.suiteName === undefined || suite === undefined ? {} : { suite }),
      ...(curve === undefined || library.curves[curve] === undefined ? {} : { curve }),
    }),
  );
  return [...new Map(told.map((of) => [JSON.stringify(of), of])).values()];
}

function serve(library: Library, more: readonly ServerCase[]): ManyServers {
  const servers = new ManyServers();
  const cases = casesOf(library);
  beforeAll(() => start(servers, library, [...cases, ...more]));
  afterAll(() => servers.close());
  itIsAskedOverOneConnection(servers, cases, answer);
  return servers;
}

describe('lighttpd over GnuTLS', () => {
  const servers = serve(GNUTLS, [...TLS13_ONLY, ...CLIENT_CERTIFICATES]);

  it.each(TLS13_ONLY)(
    'closes on a hello of TLS 1.2 without an alert, and is not asked again: $kind key',
    async (of) => {
      expect(await servers.look(of)).toEqual({ outcome: 'closed-silently', connections: 1 });
    },
  );

  it.each(CLIENT_CERTIFICATES.filter(({ version }) => version === 'tls12'))(
    'closes on a client without a certificate, $clientCertificate or not',
    async (of) => {
      expect(await servers.look(of)).toMatchObject({
        ...CLOSED_WITHOUT_A_WORD,
        certificate: 'rsa',
        clientCertificate: 'asked, 0 named',
      });
    },
  );
});

describe('lighttpd over NSS', () => {
  const servers = serve(NSS, [...TLS13_ONLY, TRIPLE_DES]);
  itIsAskedOverTheLibrary(servers, TLS13_ONLY, answer);

  it('shows its certificate with 3DES, which the library of the fallback lacks', async () => {
    expect(await servers.look(TRIPLE_DES)).toMatchObject({
      ...CLOSED_WITHOUT_A_WORD,
      version: 'tls12',
      suite: TRIPLE_DES.suite?.id,
      certificate: 'rsa',
    });
  });
});

describe('lighttpd over Mbed TLS', () => {
  const servers = serve(MBEDTLS, [...TLS13_ONLY, ...CLIENT_CERTIFICATES]);

  it.each(TLS13_ONLY)('is of a version without TLS 1.3, and refuses when held to it: $kind key', async (of) => {
    expect(await servers.look(of)).toEqual({ outcome: 'handshake-refused', connections: 2 });
  });

  it.each(CLIENT_CERTIFICATES.filter(({ version }) => version === 'tls12'))(
    'client certificate $clientCertificate',
    async (of) => {
      expect(await servers.look(of)).toMatchObject({
        ...(of.clientCertificate === 'asked' ? { outcome: 'answered', ...answer } : CLOSED_WITHOUT_A_WORD),
        certificate: 'rsa',
        clientCertificate: 'asked, 1 named',
      });
    },
  );
});

describe('lighttpd over wolfSSL', () => {
  const servers = serve(WOLFSSL, [...TLS13_ONLY, ...CLIENT_CERTIFICATES]);
  itIsAskedOverTheLibrary(servers, TLS13_ONLY, answer);
  itTellsAskedFromRequired(servers, answer, {
    named: 0,
    required: ({ version }) => (version === 'tls12' ? CLOSED_WITHOUT_A_WORD : {}),
  });
});
