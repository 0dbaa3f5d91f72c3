import type { Advisory, AdvisoryComponent } from './advisories.ts';
import { tablesInForce } from './tables-in-force.ts';
import { compareVersions, type KubernetesVersion } from './version.ts';

/**
 * What a version says of an advisory. `vendor-backport-unknown`: the number is an affected one, and whoever built it
 * also brings fixes to older numbers, so that the number does not decide.
 */
export type Standing = 'affected' | 'vendor-backport-unknown' | 'fixed' | 'not-affected';

export interface AdvisoryStanding {
  readonly advisory: Advisory;
  readonly standing: Standing;
}

/** Those that ship upstream's patches under upstream's numbers: for them the number decides. */
const UPSTREAM_PATCHES: ReadonlySet<string> = new Set([
  'upstream',
  'kubeadm',
  'kind',
  'minikube',
  'k3s',
  'k3d',
  'rke1',
  'rke2',
  'k0s',
  'microk8s',
  'canonical-kubernetes',
  'talos',
  'kops',
  'kubespray',
  'gardener',
  'kamaji',
  'vcluster',
  'docker-desktop',
  'hard-way',
  'kube-up',
]);

/** How one version of one distribution stands towards one advisory. */
export function toStanding(version: KubernetesVersion, distribution: string, advisory: Advisory): Standing {
  const touched = advisory.affected.filter(({ from }) => isFrom(version, from));
  if (touched.length === 0) return 'not-affected';
  const isHit = touched.some(({ fixedIn }) => fixedIn === undefined || isBefore(version, fixedIn));
  if (!isHit) return 'fixed';
  const isUpstream = UPSTREAM_PATCHES.has(distribution) && version.family !== 'git-describe' && !version.dirty;
  return isUpstream ? 'affected' : 'vendor-backport-unknown';
}

/** Every advisory of the components, with the standing of the version, in the order of the table. */
export function toStandings(
  version: KubernetesVersion,
  distribution: string,
  components: readonly AdvisoryComponent[] = ['kube-apiserver'],
  advisories: readonly Advisory[] = tablesInForce.advisories,
): AdvisoryStanding[] {
  return advisories
    .filter(({ component }) => components.includes(component))
    .map((advisory) => ({ advisory, standing: toStanding(version, distribution, advisory) }));
}

/** At or after the release, or one of its pre-releases. */
function isFrom(version: KubernetesVersion, from: KubernetesVersion): boolean {
  return compareNumbers(version, from) >= 0;
}

/** Before the fix; a vendor's build of the fixed version has the fix. */
function isBefore(version: KubernetesVersion, fixedIn: KubernetesVersion): boolean {
  const difference = compareNumbers(version, fixedIn);
  if (difference !== 0) return difference < 0;
  return version.preRelease !== undefined && compareVersions(version, fixedIn) < 0;
}

function compareNumbers(a: KubernetesVersion, b: KubernetesVersion): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}
