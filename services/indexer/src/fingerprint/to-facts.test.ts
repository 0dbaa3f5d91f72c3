import { readFileSync } from 'node:fs';
import type { Evidence, FirstFlight } from '@kubecensus/shared/messages';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exposure } from '../exposure/exposure.ts';
import { fingerprint } from './fingerprint.ts';
import { toFacts } from './to-facts.ts';

const SEED = 20_261_121;
const { facts } = JSON.parse(
  readFileSync(
    new URL('../distributions/fixtures/kubeadm/recorded-kube-apiserver-defaults.json', import.meta.url),
    'utf8',
  ),
) as { facts: { leaf: { der: string }; version: Record<string, string> } };

/** DER of `CN=kubernetes`. */
const KUBERNETES = 'MBUxEzARBgNVBAMTCmt1YmVybmV0ZXM=';
/** DER of `CN=front-proxy-ca`. */
const FRONT_PROXY = 'MBkxFzAVBgNVBAMTDmZyb250LXByb3h5LWNh';

const flight: FirstFlight = {
  tlsVersion: 'tls12',
  cipherSuite: 0xc02f,
  curve: 29,
  signatureAlgorithm: 0x804,
  extensions: [65_281, 11],
  extendedMasterSecret: false,
  downgradeMark: true,
  sessionIdLength: 0,
  certificateRequest: {
    types: [1, 64],
    signatureAlgorithms: [0x804, 0x403, 0x807, 0x805, 0x806, 0x401, 0x501, 0x601, 0x503, 0x603, 0x201, 0x203],
    clientCas: [KUBERNETES, FRONT_PROXY],
  },
  serverHello: 'AgAANwMD',
};

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function evidenceOf(given: Partial<Evidence>): Evidence {
  return { chain: [facts.leaf.der], chainLength: 1, ...given };
}

it('recorded evidence of a kubeadm cluster becomes facts, and the facts a verdict', () => {
  const response = {
    status: 200,
    headers: [['content-type', 'application/json'] as [string, string]],
    body: base64(JSON.stringify(facts.version)),
  };
  const read = toFacts(evidenceOf({ firstFlight: flight, response }), 6443, 'kube-apiserver');
  expect(read.leaf).toMatchObject({
    subject: { cn: 'kube-apiserver' },
    issuer: { cn: 'kubernetes' },
    keyType: 'RSA-2048',
  });
  expect(read.leaf?.dnsNames).toContain('kubernetes.default.svc.cluster.local');
  expect(read.clientCas?.map(({ cn }) => cn)).toEqual(['kubernetes', 'front-proxy-ca']);
  expect(read.flight).toMatchObject({ seenInClear: true, clientCertificate: 'asked' });
  expect(read.http).toMatchObject({ status: 200, bodyKind: 'version-document' });
  expect(read.version?.kind).toBe('version');
  expect(fingerprint(read)).toMatchObject({ distribution: 'kubeadm', version: 'v0.0.0-master+faecb196815e2' });
});

it('a silent server is bracketed by its first flight', () => {
  const response = { status: 401, headers: [], body: base64('{"kind":"Status","apiVersion":"v1","code":401}') };
  const read = toFacts(evidenceOf({ firstFlight: flight, response }), 6443, 'kube-apiserver');
  expect(read.http?.bodyKind).toBe('status-object');
  expect(read.version).toBeUndefined();
  expect(fingerprint(read)).toMatchObject({ distribution: 'kubeadm', bracket: { low: '1.19', high: '1.28' } });
});

it('what TLS 1.3 hides is absent, and not none', () => {
  const hidden: FirstFlight = { ...flight, tlsVersion: 'tls13', certificateRequest: 'unknown', serverHello: '' };
  const read = toFacts(evidenceOf({ firstFlight: hidden }), 6443, 'kube-apiserver');
  expect(read.clientCas).toBeUndefined();
  expect(read.flight).toMatchObject({ seenInClear: false, clientCertificate: 'unknown' });
  const none = toFacts(evidenceOf({ firstFlight: { ...flight, certificateRequest: 'none' } }), 6443, 'kube-apiserver');
  expect(none.clientCas).toEqual([]);
});

it('a certificate or a name that cannot be read is absent from the facts, and the rest stays', () => {
  const request = { types: [], signatureAlgorithms: [], clientCas: [base64('no name'), KUBERNETES] };
  const evidence = {
    ...evidenceOf({ firstFlight: { ...flight, certificateRequest: request } }),
    chain: [base64('no certificate')],
  };
  const read = toFacts(evidence, 6443, 'kube-apiserver');
  expect(read.leaf).toBeUndefined();
  expect(read.clientCas?.map(({ cn }) => cn)).toEqual(['kubernetes']);
});

it('an unreadable leaf does not let the next certificate stand for it', () => {
  const read = toFacts({ chain: [base64('no certificate'), facts.leaf.der], chainLength: 2 }, 6443, 'kube-apiserver');
  expect(read.leaf).toBeUndefined();
  expect(read.issuers).toHaveLength(1);
});

it.each([
  ['empty', ''],
  ['html', ' <!DOCTYPE html><p>'],
  ['text', 'Unauthorized'],
  ['binary', 'a\u0000b'],
  ['json', '{"kind":"List"}'],
  ['json', '['.repeat(16_000)],
  ['json', '{"kind":"Status"'],
  ['status-object', '{"kind":"Status","__proto__":{"a":1}}'],
])('a body is told as %s', (bodyKind, body) => {
  const read = toFacts(
    evidenceOf({ response: { status: 403, headers: [], body: base64(body) } }),
    443,
    'kube-apiserver',
  );
  expect(read.http?.bodyKind).toBe(bodyKind);
});

it.each([
  ['etcd-metrics', '{"health":"true"}', 'open'],
  ['kube-proxy-health', '{"lastUpdated": "2026-09-30 09:40:02.118 +0000 UTC"}', 'present'],
  ['kubelet-read-only', 'ok', 'open'],
] as const)('the answer of %s is no imitation of a version document', (component, body, level) => {
  const read = toFacts(
    { chain: [], chainLength: 0, response: { status: 200, headers: [], body: base64(body) } },
    10_256,
    component,
  );
  expect(read.version).toBeUndefined();
  expect(fingerprint(read).lookAlike).toBeUndefined();
  expect(exposure(component, read).exposure).toBe(level);
});

it('of headers of one name the first counts', () => {
  const headers: [string, string][] = [
    ['server', 'gunicorn/19.7.1'],
    ['server', 'nginx'],
  ];
  const read = toFacts(evidenceOf({ response: { status: 404, headers, body: '' } }), 25_000, 'kube-apiserver');
  expect(read.http?.headers.get('server')).toBe('gunicorn/19.7.1');
});

it('any bytes become facts', () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value).toString('base64'));
  fc.assert(
    fc.property(
      fc.array(bytes, { maxLength: 4 }),
      fc.array(bytes, { maxLength: 4 }),
      bytes,
      fc.constantFrom(200, 401),
      (chain, clientCas, body, status) => {
        const request = { types: [1], signatureAlgorithms: [], clientCas };
        const read = toFacts(
          {
            chain,
            chainLength: chain.length,
            firstFlight: { ...flight, certificateRequest: request },
            response: { status, headers: [], body },
          },
          443,
          'kube-apiserver',
        );
        expect(fingerprint(read).distribution).toBeTypeOf('string');
      },
    ),
    { seed: SEED, numRuns: 500 },
  );
});
