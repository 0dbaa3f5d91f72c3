import { expect, test } from 'vitest';
import { DISTRIBUTIONS } from '../../../services/indexer/src/distributions/index.ts';
import { COMPONENTS } from '../vocabulary/component.ts';
import { EXPOSURES } from '../vocabulary/exposure.ts';
import { toRemedy, toRemedyLines } from './remedies.ts';
import { API_SERVER_REMEDIES, COMPONENT_REMEDIES, MANAGED_NODES } from './remedies-table.ts';

const NAMES = ['upstream', 'unknown', 'constructor', ...DISTRIBUTIONS.map(({ name }) => name)];
const PORT = 16_123;

test.each(COMPONENTS)(
  '%s of every distribution, however exposed, has a remedy with its own port filled in',
  (component) => {
    for (const distribution of [undefined, null, ...NAMES]) {
      for (const exposure of [undefined, null, ...EXPOSURES]) {
        const lines = toRemedyLines({ component, distribution, port: PORT, exposure });
        expect(lines.length, `${component} ${distribution} ${exposure}`).toBeGreaterThan(0);
        expect(lines.filter((line) => line.includes('{port}'))).toEqual([]);
        expect(new Set(lines).size).toBe(lines.length);
      }
    }
  },
);

test('remedies are of distributions that fingerprints name', () => {
  const named = [
    ...Object.keys(API_SERVER_REMEDIES),
    ...Object.values(COMPONENT_REMEDIES).flatMap(({ of = {} }) => Object.keys(of)),
    ...MANAGED_NODES,
  ];
  expect(named.filter((name) => !NAMES.includes(name))).toEqual([]);
});

test.each(['kube-apiserver-insecure', 'kubelet-read-only', 'etcd-client', 'etcd-metrics', 'kube-scheduler'] as const)(
  'where nothing is known of the machine, %s has a setting and a rule for each packet filter',
  (component) => {
    const { settings, reach } = toRemedy({ component, port: PORT });
    expect(settings.length).toBeGreaterThan(0);
    for (const word of ['nftables', 'iptables', 'ufw', 'security group']) {
      expect(reach.filter((line) => line.includes(word) && line.includes(String(PORT))).length).toBeGreaterThan(0);
    }
  },
);

test.each([
  ['eks', 'endpointPublicAccess=false', 'publicAccessCidrs'],
  ['gke', '--master-authorized-networks', 'private endpoint'],
  ['aks', '--api-server-authorized-ip-ranges', 'private cluster'],
])(
  'an API server of %s is closed by the vendor, not by a rule on a machine that nobody can log in to',
  (distribution, ...words) => {
    const text = toRemedyLines({ component: 'kube-apiserver', distribution, port: 443, exposure: 'silent' })
      .join(' ')
      .toLowerCase();
    for (const word of words) expect(text).toContain(word.toLowerCase());
    expect(text).not.toContain('iptables');
  },
);

test("a vendor's nodes are closed by their security group, for rules on them go with them", () => {
  const { reach } = toRemedy({ component: 'kubelet', distribution: 'eks', port: 10_250 });
  expect(reach).toEqual([expect.stringMatching(/port 10250 .*security group/)]);
});

test('the advice for a kubeadm API server leaves its anonymous health probes alone', () => {
  const { settings } = toRemedy({
    component: 'kube-apiserver',
    distribution: 'kubeadm',
    port: 6443,
    exposure: 'says-version',
  });
  expect(settings.join(' ')).toMatch(/public-info-viewer.*\/version.*AuthenticationConfiguration/);
  expect(settings.join(' ')).not.toContain('anonymous-auth=false');
});

test('a component that the table does not have gets the rules of the packet filters', () => {
  expect(toRemedy({ component: 'toString', port: PORT })).toMatchObject({ settings: [], reach: { length: 4 } });
});

test('an API server that says nothing is told who may reach it, and no setting that would change nothing', () => {
  for (const exposure of ['silent', 'present'] as const) {
    const { settings, reach } = toRemedy({ component: 'kube-apiserver', distribution: 'k3s', port: 6443, exposure });
    expect(settings).toEqual([]);
    expect(reach[0]).toContain('port 6443');
  }
});
