import { parseVersionDocument } from '@kubecensus/shared/kubernetes';
import { COMPONENTS, CONFIDENCES } from '@kubecensus/shared/vocabulary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISTRIBUTIONS } from '../distributions/index.ts';
import { exposure } from '../exposure/exposure.ts';
import { UNKNOWN, UPSTREAM, VERDICT_REASONS } from './decide.ts';
import { BODY_KINDS, type CertificateFacts, type Facts, type FlightFacts } from './facts.ts';
import { fingerprint } from './fingerprint.ts';
import { createRulebook } from './rulebook.ts';
import { parseName, readFixtures } from './testing/read-fixtures.ts';

const SEED = 20_261_121;
const fixtures = readFixtures();

/** Text that rules look for, mixed with anything: a property that only ever sees noise proves little. */
const text = fc.oneof(
  fc.uint16Array({ maxLength: 60 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    'kubernetes',
    'kube-apiserver',
    'k3s',
    'minikubeCA',
    'k3s-server-ca@1622498168',
    '10.152.183.1',
    'ca',
  ),
);
const name = fc
  .record({ text }, { requiredKeys: ['text'] })
  .chain(({ text: whole }) =>
    fc.record({ text: fc.constant(whole), cn: text, o: text, ou: text }, { requiredKeys: ['text'] }),
  );
const certificate: fc.Arbitrary<CertificateFacts> = fc.record(
  {
    subject: name,
    issuer: name,
    dnsNames: fc.array(text, { maxLength: 12 }),
    ipAddresses: fc.array(fc.oneof(text, fc.constantFrom('10.96.0.1', '10.43.0.1', '127.0.0.1')), { maxLength: 6 }),
    keyType: fc.constantFrom('RSA-2048', 'EC P-256', 'Ed25519', ''),
    notBefore: fc.double(),
    notAfter: fc.double(),
    extensions: fc.array(text, { maxLength: 5 }),
    netscapeComment: text,
  },
  { requiredKeys: ['dnsNames', 'ipAddresses'] },
);
const facts: fc.Arbitrary<Facts> = fc.record(
  {
    component: fc.constantFrom(...COMPONENTS),
    port: fc.integer({ min: 1, max: 65_535 }),
    leaf: certificate,
    issuers: fc.array(certificate, { maxLength: 3 }),
    clientCas: fc.array(name, { maxLength: 5 }),
    flight: fc.record({
      tlsVersion: fc.constantFrom('tls10', 'tls11', 'tls12', 'tls13'),
      seenInClear: fc.boolean(),
      extendedMasterSecret: fc.boolean(),
      downgradeMark: fc.boolean(),
      clientCertificate: fc.constantFrom('asked', 'not-asked', 'unknown'),
      signatureAlgorithms: fc.array(fc.nat(0xffff), { maxLength: 14 }),
    }),
    http: fc.record({
      status: fc.integer({ min: 100, max: 999 }),
      headers: fc.constant(new Map<string, string>()),
      bodyKind: fc.constantFrom(...BODY_KINDS),
    }),
    version: fc.oneof(
      text.map(parseVersionDocument),
      text.map((gitVersion) =>
        parseVersionDocument(
          JSON.stringify({ gitVersion: `v1.2.3${gitVersion}`, gitCommit: 'a'.repeat(40), gitTreeState: '' }),
        ),
      ),
    ),
  },
  { requiredKeys: ['component', 'port', 'issuers'] },
) as fc.Arbitrary<Facts>;

it('any facts get a verdict from the closed lists, and an exposure', () => {
  const names = new Set([...DISTRIBUTIONS.map((distribution) => distribution.name), UNKNOWN, UPSTREAM]);
  fc.assert(
    fc.property(facts, (given) => {
      const verdict = fingerprint(given);
      expect(names.has(verdict.distribution)).toBe(true);
      expect(CONFIDENCES).toContain(verdict.confidence);
      expect(VERDICT_REASONS).toContain(verdict.reason);
      for (const other of verdict.couldBe) expect(names.has(other)).toBe(true);
      expect(exposure(given.component, given).exposure).toBeTypeOf('string');
    }),
    { seed: SEED, numRuns: 1500 },
  );
});

it('the order in which distributions are declared changes no verdict', () => {
  const all = [...fixtures.map((fixture) => fixture.facts), ...fc.sample(facts, { seed: SEED, numRuns: 200 })];
  const orders = [
    [...DISTRIBUTIONS].reverse(),
    fc.sample(fc.shuffledSubarray([...DISTRIBUTIONS], { minLength: DISTRIBUTIONS.length }), {
      seed: SEED,
      numRuns: 1,
    })[0] ?? [],
  ];
  for (const order of orders) {
    const rulebook = createRulebook(order);
    for (const given of all) expect(fingerprint(given, rulebook)).toEqual(fingerprint(given));
  }
});

it('the order of sent certificates, client CAs and names changes no verdict', () => {
  for (const { facts: given } of fixtures) {
    const turned: Facts = {
      ...given,
      issuers: [...given.issuers].reverse(),
      ...(given.clientCas === undefined ? {} : { clientCas: [...given.clientCas].reverse() }),
      ...(given.leaf === undefined
        ? {}
        : {
            leaf: {
              ...given.leaf,
              dnsNames: [...given.leaf.dnsNames].reverse(),
              ipAddresses: [...given.leaf.ipAddresses].reverse(),
            },
          }),
    };
    expect(fingerprint(turned)).toEqual(fingerprint(given));
  }
});

it('what strangers make up is judged like the rest, and forgotten before it fills the memory', () => {
  const rulebook = createRulebook(DISTRIBUTIONS);
  const [k3s] = fixtures.filter(({ facts: { leaf } }) => leaf?.subject?.cn === 'k3s');
  if (k3s === undefined) throw new TypeError('there is no fixture of k3s');
  const told = fingerprint(k3s.facts, rulebook);
  for (let made = 0; made < 20_100; made++) {
    fingerprint({ ...k3s.facts, ...versionOf(`v1.2.3-invented.${made}`) }, rulebook);
    if (rulebook.nothingHeld.size > 20_000) expect.unreachable(`${rulebook.nothingHeld.size} decisions are remembered`);
  }
  expect(rulebook.nothingHeld.size).toBeLessThan(200);
  expect(fingerprint(k3s.facts, rulebook)).toEqual(told);
});

const K4 = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'];

function certificateOf(subject: string, issuer: string, dnsNames: readonly string[] = K4): CertificateFacts {
  return { subject: parseName(subject), issuer: parseName(issuer), dnsNames, ipAddresses: [] };
}

function versionOf(gitVersion: string): Pick<Facts, 'version'> {
  return {
    version: parseVersionDocument(JSON.stringify({ gitVersion, gitCommit: 'a'.repeat(40), gitTreeState: 'clean' })),
  };
}

function apiServer(given: Partial<Facts>): Facts {
  return { component: 'kube-apiserver', port: 6443, issuers: [], ...given };
}

const KUBEADM = certificateOf('CN=kube-apiserver', 'CN=kubernetes');
const K3S = certificateOf('O=k3s, CN=k3s', 'CN=k3s-server-ca@1622498168');

describe('marks that combine', () => {
  it("a vendor's version on kubeadm's certificate is the vendor's, without contradiction", () => {
    const verdict = fingerprint(apiServer({ leaf: KUBEADM, ...versionOf('v1.27.8+vmware.2') }));
    expect(verdict).toMatchObject({ distribution: 'tanzu', confidence: 'certain', contradictions: [] });
  });

  it("kubeadm's certificate alone lists what else it could be, without those that always leave a mark of their own", () => {
    const { distribution, couldBe } = fingerprint(apiServer({ leaf: KUBEADM }));
    expect(distribution).toBe('kubeadm');
    expect(couldBe).toEqual(expect.arrayContaining(['eks', 'tanzu', 'vcluster']));
    expect(couldBe).not.toContain('minikube');
  });

  it('a version that is told narrows what it could be', () => {
    const { couldBe } = fingerprint(apiServer({ leaf: KUBEADM, ...versionOf('v1.27.8') }));
    expect(couldBe).not.toContain('eks');
  });

  it('two marks of medium worth from independent places make a high one', () => {
    const issuer = certificateOf('CN=api', 'CN=10.152.183.1');
    expect(fingerprint(apiServer({ leaf: issuer })).confidence).toBe('medium');
    const both = apiServer({ leaf: issuer, clientCas: [parseName('CN=10.152.183.1')] });
    expect(fingerprint(both)).toMatchObject({ distribution: 'microk8s', confidence: 'high' });
  });
});

describe('marks that contradict one another', () => {
  it('certain marks of two vendors leave the verdict unknown, with both sides shown', () => {
    const verdict = fingerprint(apiServer({ leaf: K3S, ...versionOf('v1.27.3-gke.100') }));
    expect(verdict).toMatchObject({
      distribution: UNKNOWN,
      confidence: 'low',
      reason: 'contradiction',
      couldBe: ['gke', 'k3s'],
    });
    expect(verdict.contradictions.map(({ distribution }) => distribution).sort()).toEqual(['gke', 'k3s']);
  });

  it('what is built on both sides is named as a way out', () => {
    const verdict = fingerprint(apiServer({ leaf: KUBEADM, ...versionOf('v1.26.9+k3s1') }));
    expect(verdict).toMatchObject({ distribution: UNKNOWN, reason: 'contradiction' });
    expect(verdict.couldBe).toContain('vcluster');
  });

  it('a version that a distribution never says refutes its certificate', () => {
    const verdict = fingerprint(apiServer({ leaf: K3S, ...versionOf('v1.26.9') }));
    expect(verdict).toMatchObject({ distribution: UNKNOWN, reason: 'impossible-version' });
    expect(verdict.contradictions).toContainEqual({ rules: ['k3s/versions'] });
  });

  it('a weaker contradiction is kept and lowers the confidence', () => {
    const leaf = certificateOf('CN=api', 'CN=api-ca', [...K4, 'shop-61041a9a.hcp.westeurope.azmk8s.io']);
    const verdict = fingerprint(apiServer({ leaf, clientCas: [parseName('O=kubernetes')] }));
    expect(verdict).toMatchObject({ distribution: 'aks', confidence: 'medium' });
    expect(verdict.contradictions).toEqual([{ distribution: 'talos', rules: ['talos/client-ca'] }]);
  });

  it('a private suffix behind a known certificate lowers the confidence', () => {
    const verdict = fingerprint(apiServer({ leaf: KUBEADM, ...versionOf('v1.24.17-beagle') }));
    expect(verdict).toMatchObject({ distribution: 'kubeadm', confidence: 'medium' });
    expect(verdict.contradictions).toEqual([{ rules: ['kubeadm/versions'] }]);
  });

  it('a shared shape of version is not enough against a certificate without the marks that belong to it', () => {
    const told = versionOf('v1.24.3-2+63243a96d1c393');
    expect(fingerprint(apiServer(told))).toMatchObject({ distribution: 'microk8s', confidence: 'low' });
    const neutral = apiServer({ ...told, leaf: certificateOf('CN=api', 'CN=api-ca') });
    expect(fingerprint(neutral)).toMatchObject({
      distribution: UNKNOWN,
      reason: 'contradiction',
      couldBe: ['microk8s'],
    });
  });
});

describe('an odd document', () => {
  const odd = (document: object) => ({ version: parseVersionDocument(JSON.stringify(document)) });
  const exact = certificateOf('O=k3s, CN=k3s', 'CN=k3s-server-ca@1622498168');

  it('beside an exact certificate is held against its verdict, and tells no version', () => {
    const verdict = fingerprint(apiServer({ leaf: exact, ...odd({ gitVersion: 'v1.26.9+k3s1' }) }));
    expect(verdict).toMatchObject({
      distribution: 'k3s',
      confidence: 'high',
      contradictions: [{ rules: ['version-document/no-commit'] }],
    });
    expect(verdict).not.toHaveProperty('version');
  });

  it('of a product known by name, or on a certificate of other names, is of another server', () => {
    const grafana = odd({ gitVersion: '1.32.0+grafana-v11.5.2' });
    expect(fingerprint(apiServer({ leaf: exact, ...grafana }))).toMatchObject({ lookAlike: 'grafana' });
    const other = { ...exact, dnsNames: ['registry.example'] };
    expect(fingerprint(apiServer({ leaf: other, ...odd({ gitVersion: '1.2' }) }))).toMatchObject({
      reason: 'look-alike',
    });
  });
});

describe('a first flight beside the Go release that /version tells', () => {
  const ofGo119: FlightFacts = {
    tlsVersion: 'tls12',
    seenInClear: true,
    extendedMasterSecret: false,
    downgradeMark: true,
    clientCertificate: 'asked',
    signatureAlgorithms: [0x0804, 0x0403, 0x0401, 0x0201],
  };
  const telling = (goVersion: string, more: Partial<Facts> = {}) => {
    const { version } = versionOf('v1.31.4');
    if (version?.kind !== 'version') throw new TypeError('v1.31.4 is a version');
    return fingerprint(
      apiServer({ flight: ofGo119, version: { ...version, document: { ...version.document, goVersion } }, ...more }),
    );
  };

  it('is no contradiction where it can be of that release, or the release says nothing', () => {
    for (const goVersion of ['go1.14', 'go1.19.8', 'go1.20.14', '', 'go1.22.3 X:boringcrypto', 'devel']) {
      expect(telling(goVersion)).toMatchObject({ distribution: UPSTREAM, confidence: 'medium', contradictions: [] });
    }
  });

  it('is kept where it cannot, and lowers the confidence by one step, once', () => {
    const foreign = { rules: ['first-flight/pss-without-extended-master-secret'] };
    for (const goVersion of ['go1.23.4', 'go1.13.15']) {
      expect(telling(goVersion)).toMatchObject({ confidence: 'low', contradictions: [foreign] });
    }
    expect(telling('go1.23.4', { leaf: KUBEADM })).toMatchObject({ distribution: 'kubeadm', confidence: 'medium' });
    const beagle = versionOf('v1.24.17-beagle').version;
    if (beagle?.kind !== 'version') throw new TypeError('a vendor’s version is one');
    const version = { ...beagle, document: { ...beagle.document, goVersion: 'go1.23.4' } };
    expect(fingerprint(apiServer({ leaf: KUBEADM, flight: ofGo119, version }))).toMatchObject({
      distribution: 'kubeadm',
      confidence: 'medium',
      contradictions: [{ rules: ['kubeadm/versions'] }, foreign],
    });
  });

  it('is not asked where something else than Go is in front', () => {
    const flight = { ...ofGo119, signatureAlgorithms: [0x0804, 0x0403, 0x0401, 0x0202] };
    expect(telling('go1.23.4', { flight })).toMatchObject({ confidence: 'medium', contradictions: [] });
  });
});

describe('what leaves no mark', () => {
  it('an upstream version on a private authority is plain upstream, with what it could be', () => {
    const leaf = certificateOf('CN=api', 'CN=api-ca');
    const verdict = fingerprint(apiServer({ leaf, ...versionOf('v1.28.3') }));
    expect(verdict).toMatchObject({ distribution: UPSTREAM, reason: 'unmarked-version', minor: '1.28' });
    expect(verdict.couldBe).toContain('kubeadm');
    expect(verdict.couldBe).not.toContain('minikube');
  });

  it('neither version nor mark is unknown, and weak marks only hint', () => {
    const leaf = { ...certificateOf('CN=api', 'CN=api-ca'), ipAddresses: ['10.43.0.1'] };
    const verdict = fingerprint(apiServer({ leaf }));
    expect(verdict).toMatchObject({ distribution: UNKNOWN, reason: 'no-mark', couldBe: ['k3s', 'rke1', 'rke2'] });
  });

  it('the minor of a version that counts something else comes from the other fields', () => {
    const document = {
      major: '1',
      minor: '11+',
      gitVersion: 'v3.11.0+07ae5a0-606',
      gitCommit: 'a'.repeat(40),
      gitTreeState: 'clean',
    };
    const verdict = fingerprint(apiServer({ version: parseVersionDocument(JSON.stringify(document)) }));
    expect(verdict).toMatchObject({ distribution: 'openshift', version: 'v3.11.0+07ae5a0-606', minor: '1.11' });
  });
});
