import { describe, expect, it } from 'vitest';
import { type Advisory, builtInAdvisories } from './advisories.ts';
import { toStanding, toStandings } from './standing.ts';
import { compareVersions, type KubernetesVersion, parseVersion } from './version.ts';

function version(text: string): KubernetesVersion {
  const read = parseVersion(text);
  if (read === undefined) throw new Error(`"${text}" was not read`);
  return read;
}

function advisory(id: string): Advisory {
  const found = builtInAdvisories().find((each) => each.id === id);
  if (found === undefined) throw new Error(`no advisory ${id}`);
  return found;
}

it.each([
  ['v1.0.0', 'affected'],
  ['v1.9.11', 'affected'],
  ['v1.10.10', 'affected'],
  ['v1.10.11', 'fixed'],
  ['v1.10.12', 'fixed'],
  ['v1.11.0-beta.1', 'affected'],
  ['v1.11.4', 'affected'],
  ['v1.11.5', 'fixed'],
  ['v1.12.2', 'affected'],
  ['v1.12.3', 'fixed'],
  ['v1.13.0', 'fixed'],
  ['v1.34.0', 'fixed'],
])('CVE-2018-1002105: %s is %s', (text, standing) => {
  expect(toStanding(version(text), 'kubeadm', advisory('CVE-2018-1002105'))).toBe(standing);
});

it.each([
  ['v1.31.5', 'not-affected'],
  ['v1.32.0-rc.0', 'affected'],
  ['v1.32.5', 'affected'],
  ['v1.32.6', 'fixed'],
  ['v1.33.1', 'affected'],
  ['v1.33.2', 'fixed'],
])('CVE-2025-4563: %s is %s', (text, standing) => {
  expect(toStanding(version(text), 'upstream', advisory('CVE-2025-4563'))).toBe(standing);
});

it('a pre-release of the fixed version has no fix yet', () => {
  const { affected } = advisory('CVE-2018-1002102');
  expect(affected.map(({ fixedIn }) => fixedIn?.raw)).toEqual(['v1.14.0']);
  expect(toStanding(version('v1.14.0-rc.1'), 'kubeadm', advisory('CVE-2018-1002102'))).toBe('affected');
  expect(toStanding(version('v1.14.0'), 'kubeadm', advisory('CVE-2018-1002102'))).toBe('fixed');
});

it('what was never fixed stays affected', () => {
  expect(toStanding(version('v1.37.0'), 'kubeadm', advisory('CVE-2020-8554'))).toBe('affected');
});

describe('a vendor that brings fixes to older numbers', () => {
  const cve = advisory('CVE-2023-2727');

  it.each(['eks', 'gke', 'aks', 'openshift', 'ack', 'unknown'])(
    '%s: an affected number decides nothing',
    (distribution) => {
      expect(toStanding(version('v1.24.10'), distribution, cve)).toBe('vendor-backport-unknown');
    },
  );

  it.each(['eks', 'gke', 'aks', 'openshift'])('%s: a fixed number has the fix', (distribution) => {
    expect(toStanding(version('v1.24.17-eks-8cb36c9'), distribution, cve)).toBe('fixed');
  });

  it.each(['k3s', 'rke2', 'kubeadm'])("%s ships upstream's patches: the number decides", (distribution) => {
    expect(toStanding(version('v1.24.10+k3s1'), distribution, cve)).toBe('affected');
  });

  it('a private build of an affected number decides nothing either', () => {
    expect(toStanding(version('v1.24.10-3+63243a96d1c393'), 'kubeadm', cve)).toBe('vendor-backport-unknown');
  });
});

it('only the advisories of the components that were asked for are given', () => {
  const standings = toStandings(version('v1.28.3'), 'kubeadm');
  expect(new Set(standings.map(({ advisory: { component } }) => component))).toEqual(new Set(['kube-apiserver']));
  const kubelet = toStandings(version('v1.28.3'), 'kubeadm', ['kubelet']);
  expect(kubelet.length).toBeGreaterThan(10);
});

it('each advisory holds against its own table: the last affected patch is affected, each fix is fixed', () => {
  for (const each of builtInAdvisories()) {
    for (const { from, fixedIn } of each.affected) {
      expect(toStanding(from, 'kubeadm', each), `${each.id} ${from.raw}`).toBe('affected');
      if (fixedIn !== undefined)
        expect(toStanding(fixedIn, 'kubeadm', each), `${each.id} ${fixedIn.raw}`).toBe('fixed');
    }
    for (const fix of each.fixedIn) {
      expect(toStanding(version(`v${fix}`), 'kubeadm', each), `${each.id} ${fix}`).toBe('fixed');
    }
    const starts = each.affected.map(({ from }) => from);
    expect([...starts].sort(compareVersions)).toEqual(starts);
  }
});
