import { DISTRIBUTIONS } from '../distributions/index.ts';
import { createRandom, type Random } from '../random.ts';
import type { Cluster } from './cluster.ts';
import { drawCluster, type Places, takeSlot } from './found-world.ts';
import { clusterKind } from './registry.ts';
import { type World, weekStart } from './world.ts';

/** What happens to clusters from one week to the next, as shares of all of them; at least one each in labs of 20 or more. */
const WEEKLY = {
  renewed: 0.03,
  upgraded: 0.03,
  closed: 0.01,
  moved: 0.01,
  unreachable: 0.01,
  vanished: 0.02,
  appeared: 0.03,
} as const;

/** Of the clusters that vanished, those that come back in a given week. */
const RETURN_CHANCE = 0.3;
const OTHERS_GONE = 0.01;

function howMany(share: number, clusters: number): number {
  return clusters < 20 ? 0 : Math.max(1, Math.round(share * clusters));
}

function upgrade(cluster: Cluster, random: Random): Cluster {
  const kind = clusterKind(cluster.kind);
  const next = kind.gitVersions[kind.gitVersions.indexOf(cluster.gitVersion) + 1];
  if (next === undefined) return cluster;
  const access = kind.closesWithVersion === true ? kind.access(next, random) : cluster.access;
  return { ...cluster, gitVersion: next, access };
}

/** The next week's population. Each cluster has at most one thing happen to it in a week. */
export function advanceWorld(world: World, options: { seed: number; order: readonly number[] }): World {
  const week = world.week + 1;
  const now = weekStart(week);
  const random = createRandom(options.seed, 'week', week);
  const places: Places = { order: options.order, taken: world.slotsTaken };
  const waiting = random.shuffled(
    world.clusters.filter(({ id, copy }) => copy === undefined && !world.unreachable.has(id)),
  );
  const changed = new Map<string, Cluster>();

  /** Takes the next clusters that `fits` and that nothing has happened to yet. */
  function take(share: number, fits: (cluster: Cluster) => boolean): Cluster[] {
    const taken: Cluster[] = [];
    for (let wanted = howMany(share, world.clusters.length); wanted > 0; wanted -= 1) {
      const index = waiting.findIndex(fits);
      if (index < 0) break;
      taken.push(...waiting.splice(index, 1));
    }
    return taken;
  }

  const isMutated = (cluster: Cluster): boolean => clusterKind(cluster.kind).mutated === true;
  for (const cluster of take(WEEKLY.renewed, () => true)) changed.set(cluster.id, { ...cluster, issuedAt: now });
  for (const cluster of take(WEEKLY.upgraded, ({ access }) => access === 'version')) {
    changed.set(cluster.id, upgrade(cluster, random));
  }
  // A mutated host that closes /version would lose the contradiction that makes it one.
  for (const cluster of take(WEEKLY.closed, (entry) => entry.access === 'version' && !isMutated(entry))) {
    changed.set(cluster.id, { ...cluster, access: random.chance(0.5) ? 'forbidden' : 'unauthorized' });
  }
  for (const cluster of take(WEEKLY.moved, ({ nodes }) => nodes.length === 1)) {
    changed.set(cluster.id, { ...cluster, nodes: cluster.nodes.map((node) => ({ ...node, slot: takeSlot(places) })) });
  }
  const unreachable = new Set(take(WEEKLY.unreachable, () => true).map(({ id }) => id));
  const vanished = take(WEEKLY.vanished, () => true);
  const returned = world.away.filter(() => random.chance(RETURN_CHANCE));

  const appeared: Cluster[] = [];
  let keysTaken = world.keysTaken;
  for (let left = howMany(WEEKLY.appeared, world.clusters.length); left > 0; left -= 1) {
    const id = `c${world.clustersMade + appeared.length + 1}`;
    const kind = random.pick(DISTRIBUTIONS);
    const born = { id, seed: options.seed, size: 1, places, keyIndex: keysTaken, now, ageDays: 7 };
    appeared.push(drawCluster(kind, born));
    keysTaken += 1;
  }
  const gone = new Set(vanished.map(({ id }) => id));
  return {
    week,
    clusters: [
      ...world.clusters.filter(({ id }) => !gone.has(id)).map((cluster) => changed.get(cluster.id) ?? cluster),
      ...returned,
      ...appeared,
    ],
    unreachable,
    away: [...world.away.filter((cluster) => !returned.includes(cluster)), ...vanished],
    others: world.others.filter(() => !random.chance(OTHERS_GONE)),
    evils: world.evils,
    slotsTaken: places.taken,
    keysTaken,
    clustersMade: world.clustersMade + appeared.length,
  };
}
