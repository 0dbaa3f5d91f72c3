import type { KeyKind } from '../support/prober/certificates.ts';

export interface Suite {
  id: number;
  /** OpenSSL's name, which nginx, HAProxy, stunnel, lighttpd and Node take. */
  name: string;
  /** The registry's name, which Go takes. */
  registryName: string;
  key: 'rsa' | 'ec';
}

function suite(id: number, name: string, registryName: string): Suite {
  return { id, name, registryName, key: name.includes('ECDSA') ? 'ec' : 'rsa' };
}

/** The suites that the prober finishes a handshake with. */
export const FINISHABLE: readonly Suite[] = [
  suite(0xc02b, 'ECDHE-ECDSA-AES128-GCM-SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'),
  suite(0xc02f, 'ECDHE-RSA-AES128-GCM-SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'),
  suite(0xc02c, 'ECDHE-ECDSA-AES256-GCM-SHA384', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'),
  suite(0xc030, 'ECDHE-RSA-AES256-GCM-SHA384', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'),
  suite(0xcca9, 'ECDHE-ECDSA-CHACHA20-POLY1305', 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256'),
  suite(0xcca8, 'ECDHE-RSA-CHACHA20-POLY1305', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'),
];

/** The suites that it offers only to be shown the certificate. 3DES, the last, is gone from OpenSSL's builds. */
export const CERTIFICATE_ONLY: readonly Suite[] = [
  suite(0xc009, 'ECDHE-ECDSA-AES128-SHA', 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA'),
  suite(0xc013, 'ECDHE-RSA-AES128-SHA', 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA'),
  suite(0xc00a, 'ECDHE-ECDSA-AES256-SHA', 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA'),
  suite(0xc014, 'ECDHE-RSA-AES256-SHA', 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA'),
  suite(0xc023, 'ECDHE-ECDSA-AES128-SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256'),
  suite(0xc027, 'ECDHE-RSA-AES128-SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256'),
  suite(0xc024, 'ECDHE-ECDSA-AES256-SHA384', 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384'),
  suite(0xc028, 'ECDHE-RSA-AES256-SHA384', 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384'),
  suite(0x009c, 'AES128-GCM-SHA256', 'TLS_RSA_WITH_AES_128_GCM_SHA256'),
  suite(0x009d, 'AES256-GCM-SHA384', 'TLS_RSA_WITH_AES_256_GCM_SHA384'),
  suite(0x003c, 'AES128-SHA256', 'TLS_RSA_WITH_AES_128_CBC_SHA256'),
  suite(0x003d, 'AES256-SHA256', 'TLS_RSA_WITH_AES_256_CBC_SHA256'),
  suite(0x002f, 'AES128-SHA', 'TLS_RSA_WITH_AES_128_CBC_SHA'),
  suite(0x0035, 'AES256-SHA', 'TLS_RSA_WITH_AES_256_CBC_SHA'),
  suite(0x009e, 'DHE-RSA-AES128-GCM-SHA256', 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256'),
  suite(0x009f, 'DHE-RSA-AES256-GCM-SHA384', 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384'),
  suite(0xccaa, 'DHE-RSA-CHACHA20-POLY1305', 'TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256'),
  suite(0x0033, 'DHE-RSA-AES128-SHA', 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA'),
  suite(0x0039, 'DHE-RSA-AES256-SHA', 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA'),
  suite(0x000a, 'DES-CBC3-SHA', 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'),
];

export type Curve = 'X25519' | 'P-256' | 'P-384';

export const CURVES: readonly Curve[] = ['X25519', 'P-256', 'P-384'];

/** One server: what it is held to. What is left out is the program's own default. */
export interface ServerCase {
  kind: KeyKind;
  version: 'tls12' | 'tls13';
  suite?: Suite;
  curve?: Curve;
  clientCertificate?: 'asked' | 'required';
}

/** Every curve with every suite that we finish, for RSA and for P-256 keys. */
export const EACH_SUITE_AND_CURVE: readonly ServerCase[] = FINISHABLE.flatMap((of) =>
  CURVES.map((curve): ServerCase => ({ kind: of.key === 'ec' ? 'p256' : 'rsa', version: 'tls12', suite: of, curve })),
);

/** Every suite that we finish and every curve once: for servers that take a process each. */
export const EACH_SUITE_ONCE: readonly ServerCase[] = FINISHABLE.map((of, index) => ({
  kind: of.key === 'ec' ? 'p256' : 'rsa',
  version: 'tls12',
  suite: of,
  curve: CURVES[index % CURVES.length] ?? 'X25519',
}));

export const P384_KEY: ServerCase = { kind: 'p384', version: 'tls12', curve: 'P-384' };

export const TLS13_ONLY: readonly ServerCase[] = [
  { kind: 'rsa', version: 'tls13' },
  { kind: 'p256', version: 'tls13' },
];

export const CLIENT_CERTIFICATES: readonly ServerCase[] = (['asked', 'required'] as const).flatMap(
  (clientCertificate) => [
    { kind: 'rsa', version: 'tls12', clientCertificate },
    { kind: 'p256', version: 'tls13', clientCertificate },
  ],
);

/** For the title of a test. */
export function titleOf({ kind, version, suite: of, curve, clientCertificate }: ServerCase): string {
  const words = [`${kind} key`, version, of?.name, curve];
  if (clientCertificate !== undefined) words.push(`client certificate ${clientCertificate}`);
  return words.filter((word) => word !== undefined).join(', ');
}
