import type { CertificateSpecification } from '../certificates/certificate.ts';
import type { Name } from '../certificates/name.ts';
import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { DAY_MS } from '../distributions/define-distribution.ts';
import type { KeyName } from '../keys/key-ring.ts';
import { createRandom, type Random } from '../random.ts';
import { toGoTraits } from '../servers/go-tls/go-flight.ts';
import type { HttpAnswer, ServerSpecification } from '../servers/server-specification.ts';

/** A host that is no part of Kubernetes. */
export interface OtherHost {
  id: string;
  /** Which of `OTHER_KINDS` it plays. */
  name: string;
  slot: number;
  port: number;
}

interface OtherKind {
  name: string;
  share: number;
  ports: readonly number[];
  server(random: Random, bornAt: number): ServerSpecification;
}

const HTML: HttpAnswer = {
  status: 200,
  headers: [
    ['Server', 'nginx'],
    ['Content-Type', 'text/html'],
  ],
  body: '<!doctype html><title>Welcome</title>',
};
const NOT_FOUND: HttpAnswer = {
  status: 404,
  headers: [['Content-Type', 'text/plain; charset=utf-8']],
  body: '404 page not found\n',
};

/** Grafana's `/version` resembles Kubernetes' (nerva's test fixture at 6baa80e): no leading v, no gitCommit. */
const GRAFANA_VERSION: HttpAnswer = {
  status: 200,
  headers: [['Content-Type', 'application/json']],
  body: JSON.stringify({
    major: '1',
    minor: '32',
    gitVersion: '1.32.0+grafana-v11.5.2',
    gitTreeState: 'grafana v11.5.2',
    goVersion: 'go1.23.5',
    compiler: 'gc',
    platform: 'linux/arm64',
  }),
};

/** Traefik and Grafana are Go programs. */
const RECENT_GO = toGoTraits('go1.23.5');

const SIGNER: KeyName = 'rsa2048:0';

function webCertificate(random: Random, bornAt: number, subject?: Name, issuer?: Name): CertificateSpecification {
  const domain = `www.${random.pick(['shop', 'news', 'mail', 'blog', 'files'])}-${random.hex(6)}.example`;
  const name: Name = subject ?? [['CN', domain]];
  return toServingSpecification({
    subject: name,
    issuer: issuer ?? [
      ['C', 'US'],
      ['O', "Example's Encrypt"],
      ['CN', 'R3'],
    ],
    sans: [subject === undefined ? `DNS:${domain}` : 'DNS:ingress.local'],
    serial: `03${random.hex(30)}`,
    notBefore: bornAt,
    notAfter: bornAt + 90 * DAY_MS,
    key: random.chance(0.02) ? 'rsa4096:0' : random.chance(0.4) ? `ec:web-${random.integer(50)}` : 'rsa2048:0',
    signer: SIGNER,
    authorityKeyId: '142eb317b75856cbae500940e61faf9d8b14c2c6',
    basicConstraints: true,
  });
}

const WEB_PORTS = [443, 443, 443, 443, 8443];

const TRAEFIK: Name = [['CN', 'TRAEFIK DEFAULT CERT']];
const INGRESS: Name = [
  ['O', 'Acme Co'],
  ['CN', 'Kubernetes Ingress Controller Fake Certificate'],
];

/** Hosts beside Kubernetes, per thousand of them. */
const OTHER_KINDS: readonly OtherKind[] = [
  {
    name: 'web',
    share: 420,
    ports: WEB_PORTS,
    server: (random, bornAt) => ({
      kind: 'other-tls',
      tls: { chain: [webCertificate(random, bornAt)] },
      answers: [['*', HTML]],
    }),
  },
  {
    name: 'traefik-default',
    share: 80,
    ports: [443],
    server: (random, bornAt) => ({
      kind: 'other-tls',
      tls: { chain: [webCertificate(random, bornAt, TRAEFIK, TRAEFIK)], go: RECENT_GO },
      answers: [['*', NOT_FOUND]],
    }),
  },
  {
    name: 'ingress-default',
    share: 80,
    ports: [443],
    server: (random, bornAt) => ({
      kind: 'other-tls',
      tls: { chain: [webCertificate(random, bornAt, INGRESS, INGRESS)] },
      answers: [['*', NOT_FOUND]],
    }),
  },
  {
    name: 'grafana',
    share: 30,
    ports: WEB_PORTS,
    server: (random, bornAt) => ({
      kind: 'other-tls',
      tls: { chain: [webCertificate(random, bornAt)], go: RECENT_GO },
      answers: [
        ['/version', GRAFANA_VERSION],
        ['*', HTML],
      ],
    }),
  },
  {
    name: 'web-tls13',
    share: 30,
    ports: WEB_PORTS,
    server: (random, bornAt) => ({
      kind: 'other-tls',
      tls: { chain: [webCertificate(random, bornAt)], tls13Only: true },
      answers: [['*', HTML]],
    }),
  },
  {
    name: 'client-certificate-web',
    share: 30,
    ports: [8443, 443],
    server: (random, bornAt) => ({
      kind: 'other-tls',
      tls: { chain: [webCertificate(random, bornAt)], clientCas: [[['CN', 'Example Corporate Devices CA']]] },
      answers: [['*', HTML]],
    }),
  },
  {
    name: 'plain-http',
    share: 130,
    ports: [443, 8443, 6443],
    server: () => ({ kind: 'plain-http', answer: HTML }),
  },
  {
    name: 'ssh',
    share: 60,
    ports: [443, 6443],
    server: () => ({ kind: 'banner', banner: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n' }),
  },
  {
    name: 'needs-name-alert-112',
    share: 60,
    ports: [443],
    server: (random, bornAt) => ({
      kind: 'needs-name',
      refusal: 'alert-112',
      tls: { chain: [webCertificate(random, bornAt)] },
    }),
  },
  {
    name: 'needs-name-alert-40',
    share: 40,
    ports: [443],
    server: (random, bornAt) => ({
      kind: 'needs-name',
      refusal: 'alert-40',
      tls: { chain: [webCertificate(random, bornAt)] },
    }),
  },
  {
    name: 'needs-name-close',
    share: 35,
    ports: [443],
    server: (random, bornAt) => ({
      kind: 'needs-name',
      refusal: 'close',
      tls: { chain: [webCertificate(random, bornAt)] },
    }),
  },
  { name: 'silent', share: 5, ports: [443], server: () => ({ kind: 'silent' }) },
];

export const OTHER_SHARES: readonly { name: string; share: number }[] = OTHER_KINDS;

export const OTHER_PORTS: readonly number[] = [...new Set(OTHER_KINDS.flatMap((kind) => kind.ports))];

function otherKind(name: string): OtherKind {
  const kind = OTHER_KINDS.find((entry) => entry.name === name);
  if (kind === undefined) throw new RangeError(`the lab knows no other host ${name}`);
  return kind;
}

export function drawOtherPort(name: string, random: Random): number {
  return random.pick(otherKind(name).ports);
}

export function toOtherServer(host: OtherHost, seed: number, epoch: number): ServerSpecification {
  const random = createRandom(seed, 'other', host.id);
  const bornAt = epoch - random.integer(60) * DAY_MS;
  return otherKind(host.name).server(random, bornAt);
}
