import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarkedEvidence } from './marked-evidence.ts';
import { toMarks } from './marks.ts';

const SEED = 20_261_122;
const HASH = 'ab'.repeat(32);
const UID = '3082aa7f-60f8-4c0b-9e2c-7a1f6f9c7d11';
const HEX = '0123456789abcdef0123456789abcdef';
const IN_CLUSTER = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];

function evidence(of: Partial<MarkedEvidence> = {}): MarkedEvidence {
  return {
    component: 'kube-apiserver',
    certificateHash: HASH,
    subject: 'CN=kube-apiserver',
    issuer: 'CN=kubernetes',
    authorityKeyId: 'c0ffee',
    dnsNames: IN_CLUSTER,
    notBefore: new Date('2024-05-01T00:00:00Z'),
    authority: null,
    flowSchemaUid: UID,
    responseHash: null,
    ...of,
  };
}

const identity = (of: Partial<MarkedEvidence>) => toMarks(evidence(of)).identity;

describe('identity', () => {
  it.each([
    [
      'EKS, whatever the case',
      { dnsNames: [...IN_CLUSTER, `${HEX.toUpperCase()}.gr7.us-west-2.eks.amazonaws.com`] },
      `eks:${HEX}`,
    ],
    [
      'AKS',
      { dnsNames: [...IN_CLUSTER, 'shop-1a2b3c4d.hcp.westeurope.azmk8s.io'] },
      'aks:shop-1a2b3c4d.hcp.westeurope.azmk8s.io',
    ],
    ['GKE, by its authority', { issuer: `CN=${UID}` }, `gke:${UID}`],
    ['DOKS', { dnsNames: [...IN_CLUSTER, `${UID}.k8s.ondigitalocean.com`] }, `doks:${UID}`],
    ['ACK', { issuer: `O=c${HEX}, OU=default, CN=c${HEX}` }, `ack:c${HEX}`],
  ])('the provider’s own name comes first: %s', (_name, of, expected) => {
    expect(identity(of)).toBe(expected);
  });

  it('is the authority by issuer and key id where it signed names of the inside of a cluster', () => {
    const own = identity({});
    expect(own).toMatch(/^authority:[0-9a-f]{32}$/);
    expect(identity({ certificateHash: 'cd'.repeat(32), authorityKeyId: 'C0FFEE' })).toBe(own);
    expect(identity({ issuer: 'CN=kubernetes-ca' })).not.toBe(own);
    expect(identity({ authorityKeyId: 'c0ffef' })).not.toBe(own);
  });

  it.each([
    ['a public authority, which signs no such names', { dnsNames: ['api.example.org', 'kubernetes.example.org'] }],
    ['no key id', { authorityKeyId: null }],
    ['an unreadable certificate', { issuer: null, subject: null, authorityKeyId: null, dnsNames: [], notBefore: null }],
    [
      'a name of a provider inside another’s',
      { authorityKeyId: null, dnsNames: [`${HEX}.gr7.us-west-2.eks.amazonaws.com.evil.example`] },
    ],
  ])('is the certificate alone for %s', (_name, of) => {
    expect(identity(of)).toBe(`certificate:${HASH.slice(0, 32)}`);
  });

  it('is no provider’s where two clusters’ names stand on one certificate', () => {
    const names = [`${HEX}.gr7.us-west-2.eks.amazonaws.com`, 'shop-1a2b3c4d.hcp.westeurope.azmk8s.io'];
    expect(identity({ dnsNames: [...IN_CLUSTER, ...names] })).toMatch(/^authority:/);
  });

  it('of a part beside the API server is its authority, whatever the names', () => {
    expect(identity({ component: 'kubelet', dnsNames: ['node-1'] })).toBe(identity({}));
    expect(toMarks(evidence({ component: 'kubelet' })).flowSchema).toBeUndefined();
  });
});

describe('age', () => {
  const birth = (of: Partial<MarkedEvidence>) => toMarks(evidence(of)).birth;

  it.each([
    ['the name of a k3s authority', { issuer: 'CN=k3s-server-ca@1700000000' }, 'authority-name', 1_700_000_000],
    ['the name of kube-up’s', { issuer: 'CN=203.0.113.7@1450000000' }, 'authority-name', 1_450_000_000],
    [
      'an authority that is sent along',
      { authority: { subject: 'CN=kubernetes', issuer: 'CN=kubernetes', notBefore: new Date(1_600_000_000_000) } },
      'authority-certificate',
      1_600_000_000,
    ],
    ['kubeadm’s certificate', {}, 'kubeadm-certificate', Date.UTC(2024, 4, 1) / 1000],
  ])('is read from %s', (_name, of, by, seconds) => {
    expect(birth(of)).toEqual({ at: new Date(seconds * 1000), by });
  });

  it.each([
    [
      'a signer that is made anew every month',
      { issuer: 'CN=openshift-kube-apiserver-operator_localhost-recovery-serving-signer@1700000000' },
    ],
    ['EKS, which has kubeadm’s names and no key id', { authorityKeyId: null }],
    ['a date before there was Kubernetes', { notBefore: new Date('2001-01-01T00:00:00Z') }],
    ['an epoch before there was Kubernetes', { issuer: 'CN=k3s-server-ca@1000000000' }],
    [
      'an authority that another signed',
      { issuer: 'CN=x', authority: { subject: 'CN=x', issuer: 'CN=root', notBefore: new Date() } },
    ],
  ])('is not told by %s', (_name, of) => {
    expect(birth(of)).toBeUndefined();
  });
});

it('marks of whatever a stranger writes are text that the record takes, and nothing throws', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('CN=kubernetes', `CN=${UID}`, UID, 'kubernetes'),
  );
  const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
  const any = fc.record({
    component: fc.constantFrom('kube-apiserver', 'kubelet', 'etcd'),
    certificateHash: fc.constantFrom(null, HASH),
    subject: maybe(text),
    issuer: maybe(text),
    authorityKeyId: maybe(text),
    dnsNames: fc.array(text, { maxLength: 5 }),
    notBefore: maybe(fc.date({ noInvalidDate: true })),
    authority: maybe(
      fc.record({ subject: maybe(text), issuer: maybe(text), notBefore: maybe(fc.date({ noInvalidDate: true })) }),
    ),
    flowSchemaUid: maybe(text),
    responseHash: fc.constantFrom(null, HASH),
  });
  fc.assert(
    fc.property(any, (seen) => {
      const { identity: mark, flowSchema, birth } = toMarks(seen);
      for (const one of [mark, flowSchema]) if (one !== undefined) expect(one).toMatch(/^[a-z]+:[0-9a-z.-]{3,200}$/);
      if (birth !== undefined) expect(birth.at.getUTCFullYear()).toBeGreaterThanOrEqual(2014);
    }),
    { seed: SEED, numRuns: 1000 },
  );
});
