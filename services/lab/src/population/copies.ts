import eks from '../distributions/eks.ts';
import k3s from '../distributions/k3s.ts';
import kubeadm from '../distributions/kubeadm.ts';
import openshift from '../distributions/openshift.ts';
import { createRandom } from '../random.ts';
import type { Cluster } from './cluster.ts';
import { drawCluster, type Places, takeSlot } from './found-world.ts';
import type { Layout } from './layout.ts';
import type { MirrorBlocks } from './mirror-blocks.ts';
import { SCANNED_PORTS } from './scanned-ports.ts';
import { EPOCH, type World } from './world.ts';

/** Clones of one image: more than the 64 addresses from which on an identity is held to be a template. */
export const TEMPLATE_CLONES = 70;
/** Clones of another image, whose authority is in it and whose store is not: each answers with objects of its own. */
export const AUTHORITY_CLONES = 5;
/** Kinds of which one cluster is replayed by a stranger each. */
const REPLAYED_KINDS = ['kubeadm', 'k3s', 'eks'];

/**
 * The world with clusters that are counted wrongly by whoever trusts a certificate: images cloned with their authority
 * in them, two prefixes in which one server shows itself on every address, and strangers with copied certificates.
 */
export function withCopies(world: World, options: { seed: number; layout: Layout; mirrors: MirrorBlocks }): World {
  const { seed, layout, mirrors } = options;
  const places: Places = { order: layout.order, taken: world.slotsTaken };
  const keyIndex = world.keysTaken;
  const born = { seed, size: 0, places, keyIndex, now: EPOCH, ageDays: 900 };
  const image = drawCluster(k3s, { ...born, id: 'template-1' });
  const clones = Array.from({ length: TEMPLATE_CLONES }, (_, index): Cluster => {
    const nodes = [{ slot: takeSlot(places), port: 6443, hostname: 'k3s-image' }];
    return { ...image, id: `t${index + 1}`, access: 'unauthorized', nodes, copy: 'template' };
  });
  const authority = drawCluster(kubeadm, { ...born, id: 'template-2', keyIndex: keyIndex + 3 });
  const siblings = Array.from({ length: AUTHORITY_CLONES }, (_, index): Cluster => {
    const id = `t${TEMPLATE_CLONES + index + 1}`;
    const random = createRandom(seed, 'sibling', id);
    const own = { flowSchemaUid: random.uuid(), priorityLevelUid: random.uuid() };
    const nodes = [{ slot: takeSlot(places), port: 6443, hostname: 'image' }];
    return { ...authority, ...own, id, access: 'version', nodes, copy: 'template' };
  });
  const onePort = drawCluster(eks, { ...born, id: 'mirror-1', keyIndex: keyIndex + 1 });
  const everyPort = drawCluster(openshift, { ...born, id: 'mirror-2', keyIndex: keyIndex + 2 });
  const hostname = 'mirror';
  const mirrored: Cluster[] = [
    { ...onePort, copy: 'mirror', nodes: mirrors.onePort.map((slot) => ({ slot, port: 443, hostname })) },
    {
      ...everyPort,
      copy: 'mirror',
      nodes: mirrors.everyPort.flatMap((slot) => SCANNED_PORTS.map((port) => ({ slot, port, hostname }))),
    },
  ];
  const replayed = REPLAYED_KINDS.flatMap((kind, index): Cluster[] => {
    const victim = world.clusters.find((cluster) => cluster.kind === kind);
    const [node] = victim?.nodes ?? [];
    if (victim === undefined || node === undefined) return [];
    const stranger = { ...node, slot: takeSlot(places), certificateSlot: node.slot };
    return [{ ...victim, id: `r${index + 1}`, nodes: [stranger], copy: 'replay', replays: victim.id }];
  });
  return {
    ...world,
    clusters: [...world.clusters, ...clones, ...siblings, ...mirrored, ...replayed],
    slotsTaken: places.taken,
    keysTaken: keyIndex + 4,
  };
}
