import { parseVersionDocument } from '@kubecensus/shared/kubernetes';
import { expect, it } from 'vitest';
import type { CertificateFacts, Facts } from './facts.ts';
import { fingerprint } from './fingerprint.ts';
import { indexLookAlikes, LOOK_ALIKES, toLookAlike } from './look-alikes.ts';
import { parseName, readFixtures } from './testing/read-fixtures.ts';

const NO_NAMES = { dnsNames: [], ipAddresses: [] };

function withLeaf(
  subject: string,
  issuer: string,
  more: Partial<Facts> = {},
  leaf: Partial<CertificateFacts> = {},
): Facts {
  return {
    component: 'kube-apiserver',
    port: 6443,
    issuers: [],
    leaf: { ...NO_NAMES, subject: parseName(subject), issuer: parseName(issuer), ...leaf },
    ...more,
  };
}

const MANAGER = ['CN=localhost@1701251629', 'CN=localhost-ca@1701251610'] as const;
const AGENT = ['C=GB, O=Canonical, OU=Canonical, CN=127.0.0.1', 'CN=10.152.183.1'] as const;

const CASES: readonly (readonly [string, Facts])[] = [
  ['kube-controller-manager-or-scheduler', withLeaf(...MANAGER)],
  ['kubelet', withLeaf('CN=steamcloud@1691734963', 'CN=steamcloud-ca@1691734962')],
  ['kubelet', withLeaf('CN=172.31.31.10@1623070697', 'CN=172.31.31.10-ca@1623070697')],
  ['kubelet', withLeaf('O=system:nodes, CN=system:node:worker-1', 'CN=kubernetes')],
  ['microk8s-cluster-agent', withLeaf(...AGENT, { port: 25_000 })],
  [
    'microk8s-cluster-agent',
    withLeaf(...AGENT, { http: { status: 404, headers: new Map([['server', 'gunicorn/19.7.1']]), bodyKind: 'html' } }),
  ],
  ['rke2-supervisor', withLeaf('O=rke2, CN=rke2', 'CN=rke2-server-ca@1703340760', { port: 9345 })],
  ['k0s-controller-api', withLeaf('O=kubernetes, CN=k0s-api', 'CN=kubernetes-ca', { port: 9443 })],
  ['konnectivity-server', withLeaf('CN=system:konnectivity-server', 'CN=kubernetes', { port: 8132 })],
  ['ingress-nginx', withLeaf('O=Acme Co, CN=Kubernetes Ingress Controller Fake Certificate', 'O=Acme Co')],
  ['traefik', withLeaf('CN=TRAEFIK DEFAULT CERT', 'CN=TRAEFIK DEFAULT CERT')],
];

it.each(CASES)('%s is not taken for an API server', (name, facts) => {
  expect(toLookAlike(facts)).toBe(name);
});

it('every declared look-alike has a case above', () => {
  expect(LOOK_ALIKES.map(({ name }) => name).sort()).toEqual(
    [
      'ingress-nginx',
      'k0s-controller-api',
      'konnectivity-server',
      'kube-controller-manager-or-scheduler',
      'kubelet',
      'kubelet',
      'microk8s-cluster-agent',
      'rke2-supervisor',
      'traefik',
    ].sort(),
  );
});

it.each([
  ['a manager on its own port', withLeaf(...MANAGER, { component: 'kube-controller-manager', port: 10_257 })],
  ['a scheduler on its own port', withLeaf(...MANAGER, { component: 'kube-scheduler', port: 10_259 })],
  [
    'a kubelet on its own port',
    withLeaf('CN=n@1691734963', 'CN=n-ca@1691734962', { component: 'kubelet', port: 10_250 }),
  ],
  ['MicroK8s on 16443', withLeaf(...AGENT, { port: 16_443 })],
])('%s is what it is', (_, facts) => {
  expect(toLookAlike(facts)).toBeUndefined();
});

it('an API server that made its own certificate is none, for it carries the names of one', () => {
  const facts = withLeaf(
    'CN=192.0.2.7@1691734963',
    'CN=192.0.2.7-ca@1691734962',
    {},
    {
      dnsNames: ['kubernetes.default.svc', 'kubernetes.default', 'kubernetes', 'localhost'],
    },
  );
  expect(toLookAlike(facts)).toBeUndefined();
});

it('whoever answers /version as only an API server does is one, whatever its certificate', () => {
  const version = parseVersionDocument(
    JSON.stringify({ gitVersion: 'v1.28.3', gitCommit: 'a'.repeat(40), gitTreeState: 'clean' }),
  );
  expect(toLookAlike(withLeaf(...MANAGER, { version }))).toBeUndefined();
});

it.each([
  ['grafana', { major: '1', minor: '32', gitVersion: '1.32.0+grafana-v11.5.2', gitTreeState: 'grafana v11.5.2' }],
  ['etcd', { etcdserver: '3.5.12', etcdcluster: '3.5.0' }],
  ['other-version-document', { major: '1', minor: '31', gitVersion: 'v1.31.0-pocketkube', platform: 'linux/armv6' }],
  ['other-version-document', { gitVersion: 'f5ccb35', gitCommit: 'f5ccb35', gitTreeState: 'clean' }],
])('%s answering /version is not taken for an API server', (name, document) => {
  const version = parseVersionDocument(JSON.stringify(document));
  expect(toLookAlike({ component: 'kube-apiserver', port: 443, issuers: [], version })).toBe(name);
});

it('no recorded API server is taken for something else', () => {
  const servers = readFixtures().filter(
    ({ label, facts }) => label !== 'unknown' && facts.component === 'kube-apiserver',
  );
  const taken = servers.filter(({ facts }) => fingerprint(facts).lookAlike !== undefined);
  expect(taken.map(({ name }) => name)).toEqual([]);
});

it('without any one way of telling, one of these would be taken for an API server or for something else', () => {
  for (const [at, declared] of LOOK_ALIKES.entries()) {
    for (const way of declared.when.keys()) {
      const rest = LOOK_ALIKES.map((one, nth) => (nth === at ? { ...one, when: one.when.toSpliced(way, 1) } : one));
      const without = indexLookAlikes(rest);
      const isMissed = CASES.some(([name, facts]) => toLookAlike(facts, without) !== name);
      expect(isMissed, `${declared.name}, way ${way + 1}`).toBe(true);
    }
  }
});
