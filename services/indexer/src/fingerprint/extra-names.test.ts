import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISTRIBUTIONS } from '../distributions/index.ts';
import type { CertificateFacts, Facts } from './facts.ts';
import { fingerprint } from './fingerprint.ts';
import { parseName, readFixtures } from './testing/read-fixtures.ts';

/** Names that end in a domain of a distribution's maker: no one else has a reason to ask for them. */
const OWN_NAMES = DISTRIBUTIONS.flatMap(({ signals }) =>
  signals.filter(({ ownDomain }) => ownDomain !== undefined).flatMap(({ when }) => when.dnsNames?.some ?? []),
).flat();

const shown = readFixtures()
  .filter(({ facts }) => facts.leaf !== undefined && facts.component === 'kube-apiserver')
  .map(({ name, label, facts }) => ({
    name,
    label,
    dnsNames: (facts.leaf?.dnsNames ?? []).filter((one) => !OWN_NAMES.some((expression) => expression.test(one))),
    ipAddresses: facts.leaf?.ipAddresses ?? [],
  }));

const OF_KUBEADM: CertificateFacts = {
  subject: parseName('CN=kube-apiserver'),
  issuer: parseName('CN=kubernetes'),
  dnsNames: [
    'cp-1',
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
  ],
  ipAddresses: ['10.96.0.1', '192.0.2.7'],
};
const CLIENT_CAS = [parseName('CN=kubernetes'), parseName('CN=front-proxy-ca')];

/** What kubeadm makes of names and addresses that an operator adds: all else on the certificate is as ever. */
function withExtra(dnsNames: readonly string[], ipAddresses: readonly string[], more: Partial<CertificateFacts> = {}) {
  const leaf = {
    ...OF_KUBEADM,
    ...more,
    dnsNames: [...new Set([...OF_KUBEADM.dnsNames, ...dnsNames])].sort(),
    ipAddresses: [...new Set([...OF_KUBEADM.ipAddresses, ...ipAddresses])],
  };
  return [undefined, CLIENT_CAS].map(
    (clientCas): Facts => ({
      component: 'kube-apiserver',
      port: 6443,
      issuers: [],
      leaf,
      ...(clientCas === undefined ? {} : { clientCas }),
    }),
  );
}

function expectModest(facts: readonly Facts[]): void {
  for (const given of facts) {
    const { distribution, confidence, rules } = fingerprint(given);
    if (distribution === 'kubeadm') continue;
    expect(['medium', 'low'], `${distribution} by ${rules.join(', ')}`).toContain(confidence);
  }
}

describe('names that anyone may add to a certificate of kubeadm never make it another platform above medium:', () => {
  const labels = [...new Set(shown.map(({ label }) => label))];
  it.each(labels)('those of %s', (label) => {
    for (const { dnsNames, ipAddresses } of shown.filter((fixture) => fixture.label === label)) {
      expectModest(withExtra(dnsNames, ipAddresses));
      expectModest(withExtra(dnsNames, ipAddresses, { keyType: 'EC P-256', extensions: ['2.5.29.17'] }));
    }
  });

  it('any mixture of all of them', () => {
    const names = [...new Set(shown.flatMap(({ dnsNames }) => dnsNames))];
    const addresses = [...new Set(shown.flatMap(({ ipAddresses }) => ipAddresses))];
    fc.assert(
      fc.property(
        fc.subarray(names, { maxLength: 12 }),
        fc.subarray(addresses, { maxLength: 4 }),
        fc.constantFrom('RSA-2048', 'EC P-256'),
        (dnsNames, ipAddresses, keyType) => expectModest(withExtra(dnsNames, ipAddresses, { keyType })),
      ),
      { seed: 20_261_122, numRuns: 2000 },
    );
  });

  it('and a name in the domain of the maker does', () => {
    const [facts] = withExtra([`${'0a'.repeat(16)}.gr7.eu-west-1.eks.amazonaws.com`], []);
    if (facts === undefined) throw new TypeError('a certificate gives facts');
    expect(fingerprint(facts)).toMatchObject({ distribution: 'eks', confidence: 'high' });
  });
});

it('an ordinary certificate of kubeadm stays one, and surely, with a name or two of its operator', () => {
  for (const name of ['prod-control-plane1', 'api.corp.example', 'localhost', 'haproxy.infra.svc.cluster.local']) {
    for (const facts of withExtra([name], ['127.0.0.1'])) {
      expect(fingerprint(facts), name).toMatchObject({ distribution: 'kubeadm', confidence: 'high' });
    }
  }
});
