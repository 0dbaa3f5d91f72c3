import kubeadm from '../distributions/kubeadm.ts';
import { EVILS, evilKind } from '../evil/index.ts';
import { createRandom } from '../random.ts';
import { toGoTraits } from '../servers/go-tls/go-flight.ts';
import type { PopulatedEndpoint } from './endpoints.ts';
import { drawCluster, type Places, takeSlot } from './found-world.ts';
import type { Layout } from './layout.ts';
import { NOTHING_SEEN } from './nothing-seen.ts';
import { EPOCH, type World } from './world.ts';

/** A host that mistreats whoever connects; the same every week. */
export interface EvilHost {
  name: string;
  variant: number;
  slot: number;
  port: number;
}

/** All hostile hosts show certificates of this one key: they are no clusters. */
const KEY_INDEX = 1000;

/** The world with `count` hostile hosts, of every kind in turn. */
export function withEvils(world: World, options: { count: number; order: readonly number[] }): World {
  const places: Places = { order: options.order, taken: world.slotsTaken };
  const evils = Array.from({ length: options.count }, (_, index): EvilHost => {
    const { name } = EVILS[index % EVILS.length] ?? { name: 'silent-accept' };
    return {
      name,
      variant: Math.floor(index / EVILS.length),
      slot: takeSlot(places),
      port: index % 2 === 0 ? 6443 : 443,
    };
  });
  return { ...world, evils, slotsTaken: places.taken };
}

export function toEvilEndpoint(host: EvilHost, options: { seed: number; layout: Layout }): PopulatedEndpoint {
  const { seed, layout } = options;
  const { name, variant } = host;
  const evil = evilKind(name);
  const endpoint = layout.endpoint(host.slot, host.port);
  const born = { seed, size: 0, places: { order: [], taken: 0 }, keyIndex: KEY_INDEX, now: EPOCH, ageDays: 900 };
  const cluster = { ...drawCluster(kubeadm, { ...born, id: `evil-${name}-${variant}` }), gitVersion: 'v1.29.0' };
  const node = { slot: host.slot, port: host.port, hostname: 'evil' };
  const random = createRandom(seed, 'evil', name, variant);
  const chain = kubeadm.chain({ cluster, node, nodeIndex: 0, address: endpoint.address, random });
  const ordinary = { chain, clientCas: kubeadm.clientCas(cluster), go: toGoTraits('go1.21.6') };
  const present = evil.showsCertificate;
  return {
    ...endpoint,
    server: { kind: 'evil', name, variant, tls: evil.tls?.(ordinary, variant) ?? ordinary },
    truth: {
      ...endpoint,
      ...NOTHING_SEEN,
      component: present ? 'kube-apiserver' : null,
      kind: 'evil',
      present,
      evil: name,
      outcomes: evil.outcomes,
      clusterId: null,
    },
  };
}
