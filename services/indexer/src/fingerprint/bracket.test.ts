import { builtInGoReleases } from '@kubecensus/shared/kubernetes';
import { expect, it } from 'vitest';
import { GO_BEHAVIOURS, toBracket } from './bracket.ts';
import type { Facts, FlightFacts } from './facts.ts';
import { fingerprint } from './fingerprint.ts';
import { parseName } from './testing/read-fixtures.ts';

/** In the order of Go 1.19.8, as recorded. */
const GO_119 = [0x804, 0x403, 0x807, 0x805, 0x806, 0x401, 0x501, 0x601, 0x503, 0x603, 0x201, 0x203];
const WITHOUT_SHA1 = GO_119.slice(0, -2);
const GO_113 = [0x401, 0x403, 0x807, 0x501, 0x503, 0x601, 0x603, 0x201, 0x203];
const GO_112 = [0x401, 0x403, 0x501, 0x503, 0x601, 0x603, 0x201, 0x203];
const OPENSSL_3 = [0x403, 0x503, 0x603, 0x807, 0x808, 0x809, 0x80a, 0x80b, 0x804, 0x805, 0x806, 0x401, 0x501, 0x601];

function flight(given: Partial<FlightFacts>): Facts {
  const seen: FlightFacts = {
    tlsVersion: 'tls12',
    seenInClear: true,
    extendedMasterSecret: false,
    downgradeMark: true,
    clientCertificate: 'asked',
    signatureAlgorithms: GO_119,
    ...given,
  };
  return { component: 'kube-apiserver', port: 6443, issuers: [], flight: seen };
}

it.each([
  ['without-tls13', flight({ downgradeMark: false, signatureAlgorithms: GO_112 }), undefined, '1.16'],
  ['tls13-without-pss', flight({ signatureAlgorithms: GO_113 }), '1.16', '1.18'],
  ['pss-without-extended-master-secret', flight({}), '1.19', '1.28'],
  ['extended-master-secret', flight({ extendedMasterSecret: true }), '1.26', undefined],
  ['without-sha1', flight({ extendedMasterSecret: true, signatureAlgorithms: WITHOUT_SHA1 }), '1.35', undefined],
])('a first flight that is %s brackets the minor', (behaviour, facts, low, high) => {
  const bracket = toBracket(facts);
  expect(bracket?.behaviour).toBe(behaviour);
  expect([bracket?.low, bracket?.high]).toEqual([low, high]);
});

it('every declared behaviour has a case above', () => {
  expect(GO_BEHAVIOURS).toHaveLength(5);
});

it.each([
  ['TLS 1.3, where the request is hidden', flight({ tlsVersion: 'tls13', seenInClear: false })],
  ['a flight that a library read', flight({ seenInClear: false })],
  ['a server that is no Go program', flight({ signatureAlgorithms: OPENSSL_3 })],
  ['a server that asks for no client certificate', flight({ clientCertificate: 'not-asked', signatureAlgorithms: [] })],
])('%s gives no bracket', (_, facts) => {
  expect(toBracket(facts)).toBeUndefined();
});

it('each minor of the table lies in the bracket of the toolchain that built it', () => {
  for (const { minor, firstGo } of builtInGoReleases()) {
    const isAtLeast = (other: number): boolean => Number(firstGo.slice(2)) >= other;
    const facts = flight({
      downgradeMark: isAtLeast(13),
      extendedMasterSecret: isAtLeast(21),
      signatureAlgorithms: isAtLeast(25) ? WITHOUT_SHA1 : isAtLeast(14) ? GO_119 : isAtLeast(13) ? GO_113 : GO_112,
    });
    const { low = '1.0', high = '1.99' } = toBracket(facts) ?? {};
    const [number, from, to] = [minor, low, high].map((text) => Number(text.slice(2)));
    expect(number, minor).toBeGreaterThanOrEqual(from ?? Number.NaN);
    expect(number, minor).toBeLessThanOrEqual(to ?? Number.NaN);
  }
});

it('a bracket is a hint only where the vendor brings a toolchain of its own', () => {
  const leaf = {
    dnsNames: [],
    ipAddresses: [],
    subject: parseName('O=k3s, CN=k3s'),
    issuer: parseName('CN=k3s-server-ca@1'),
  };
  expect(fingerprint({ ...flight({}), leaf }).bracket?.confidence).toBe('low');
  const kubeadm = { ...leaf, subject: parseName('CN=kube-apiserver'), issuer: parseName('CN=kubernetes') };
  expect(fingerprint({ ...flight({}), leaf: kubeadm }).bracket).toMatchObject({
    low: '1.19',
    high: '1.28',
    confidence: 'medium',
  });
});
