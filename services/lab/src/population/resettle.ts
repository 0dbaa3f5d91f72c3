import { createRandom } from '../random.ts';
import type { Cluster } from './cluster.ts';
import { type Places, takeSlot } from './found-world.ts';
import type { World } from './world.ts';

/**
 * The week's world with what else deceives whoever knows a cluster by its addresses: a newcomer at the address and port
 * of one that left for good, and a balanced cluster all of whose addresses are others.
 */
export function resettle(world: World, before: World, options: { seed: number; order: readonly number[] }): World {
  const random = createRandom(options.seed, 'resettle', world.week);
  const places: Places = { order: options.order, taken: world.slotsTaken };
  const knownBefore = new Set(before.clusters.map(({ id }) => id));
  const left = world.away.find(({ id, nodes }) => knownBefore.has(id) && nodes.length === 1);
  const [place] = left?.nodes ?? [];
  const newcomer = world.clusters.find(({ id, nodes }) => isBorn(id, before) && nodes.length === 1);
  const balanced = random
    .shuffled(world.clusters)
    .find(({ id, copy, nodes }) => copy === undefined && nodes.length > 1 && !world.unreachable.has(id));
  const settle = (cluster: Cluster): Cluster => {
    if (cluster === balanced) {
      return { ...cluster, nodes: cluster.nodes.map((node) => ({ ...node, slot: takeSlot(places) })) };
    }
    if (cluster !== newcomer || place === undefined) return cluster;
    return { ...cluster, nodes: cluster.nodes.map((node) => ({ ...node, slot: place.slot, port: place.port })) };
  };
  const clusters = world.clusters.map(settle);
  const away = newcomer === undefined ? world.away : world.away.filter((cluster) => cluster !== left);
  return { ...world, clusters, away, slotsTaken: places.taken };
}

/** Ids count on from week to week. */
function isBorn(id: string, before: World): boolean {
  return /^c\d+$/.test(id) && Number(id.slice(1)) > before.clustersMade;
}
