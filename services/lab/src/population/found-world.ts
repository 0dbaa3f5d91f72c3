import { DAY_MS, type LabDistribution } from '../distributions/define-distribution.ts';
import { DISTRIBUTIONS } from '../distributions/index.ts';
import { MUTATIONS } from '../mutations/index.ts';
import { createRandom, type Random } from '../random.ts';
import { type Cluster, drawHostname } from './cluster.ts';
import { drawOtherPort, OTHER_SHARES, type OtherHost } from './others.ts';
import { toQuotas } from './quota.ts';
import { EPOCH, type World } from './world.ts';

/** Half of the lab's hosts are API servers: far more than on the Internet, where a census is nearly all misses. */
const KUBERNETES_SHARE = 0.5;
/** Of the API servers: hosts whose right distribution is "unknown". */
const MUTATED_SHARE = 0.1;

/** Takes the next free places of the layout. */
export interface Places {
  order: readonly number[];
  taken: number;
}

export function takeSlot(places: Places): number {
  const slot = places.order[places.taken];
  if (slot === undefined) throw new RangeError('the lab has no address left; use more hosts or fewer weeks');
  places.taken += 1;
  return slot;
}

/** How many addresses the next cluster of a kind has, at most `limit`. */
function drawSize(kind: LabDistribution, limit: number, random: Random): number {
  let rest = random.fraction();
  for (const [size, share] of Object.entries(kind.highlyAvailable ?? {})) {
    // A share counts clusters, and a cluster of three nodes takes three of the quota's hosts.
    if (rest < share) return Math.min(Number(size), limit);
    rest -= share;
  }
  return 1;
}

/** A new cluster whose authority was made in the time before `now`. */
export function drawCluster(
  kind: LabDistribution,
  options: { id: string; seed: number; size: number; places: Places; keyIndex: number; now: number; ageDays: number },
): Cluster {
  const { id, seed, now } = options;
  const random = createRandom(seed, 'cluster', id);
  const gitVersion = random.pick(kind.gitVersions);
  const port = random.pick(kind.ports);
  const ageMs = Math.floor(random.fraction() * options.ageDays * DAY_MS);
  const createdAt = Math.floor((now - ageMs) / 1000) * 1000;
  // Certificates of clusters older than a year were renewed: kubeadm renews with every upgrade, the providers yearly.
  const issuedAt = Math.max(createdAt, createdAt + Math.floor(ageMs / (300 * DAY_MS)) * 300 * DAY_MS);
  return {
    id,
    identity: id,
    kind: kind.name,
    gitVersion,
    access: kind.access(gitVersion, random),
    createdAt,
    issuedAt,
    authorityKeyId: random.hex(40),
    uid: random.uuid(),
    flowSchemaUid: random.uuid(),
    priorityLevelUid: random.uuid(),
    keyIndex: options.keyIndex,
    nodes: Array.from({ length: options.size }, () => ({
      slot: takeSlot(options.places),
      port,
      hostname: drawHostname(random),
    })),
  };
}

/** The population of week 1. `hosts` counts addresses. */
export function foundWorld(options: { seed: number; hosts: number; order: readonly number[] }): World {
  const { seed, hosts } = options;
  const places: Places = { order: options.order, taken: 0 };
  const random = createRandom(seed, 'found');
  const kubernetesHosts = Math.round(hosts * KUBERNETES_SHARE);
  const mutatedHosts = Math.round(kubernetesHosts * MUTATED_SHARE);
  const clusters: Cluster[] = [];
  let keysTaken = 0;

  function populate(kinds: readonly LabDistribution[], total: number): void {
    const quotas = toQuotas(kinds, total);
    for (const kind of kinds) {
      for (let left = quotas.get(kind.name) ?? 0; left > 0; ) {
        const size = drawSize(kind, left, random);
        const id = `c${clusters.length + 1}`;
        clusters.push(drawCluster(kind, { id, seed, size, places, keyIndex: keysTaken, now: EPOCH, ageDays: 1200 }));
        keysTaken += size;
        left -= size;
      }
    }
  }
  populate(DISTRIBUTIONS, kubernetesHosts - mutatedHosts);
  populate(MUTATIONS, mutatedHosts);

  const others: OtherHost[] = [];
  for (const [name, quota] of toQuotas(OTHER_SHARES, hosts - kubernetesHosts)) {
    for (let count = 0; count < quota; count += 1) {
      others.push({ id: `o${others.length + 1}`, name, slot: takeSlot(places), port: drawOtherPort(name, random) });
    }
  }
  return {
    week: 1,
    clusters,
    unreachable: new Set(),
    away: [],
    others,
    evils: [],
    slotsTaken: places.taken,
    keysTaken,
    clustersMade: clusters.length,
  };
}
