import { GO_VERSIONS, NEWEST_GO } from '../data/git-versions.ts';
import { createRandom } from '../random.ts';
import { toGoTraits } from '../servers/go-tls/go-flight.ts';
import type { ServerSpecification } from '../servers/server-specification.ts';
import { toApiAnswers } from '../servers/version-answers.ts';
import type { LabTruth } from '../truth.ts';
import { type Cluster, type ClusterNode, toMinor } from './cluster.ts';
import { toEvilEndpoint } from './evil-hosts.ts';
import type { Layout } from './layout.ts';
import { toNodeComponents } from './node-components.ts';
import { NOTHING_SEEN } from './nothing-seen.ts';
import { toOtherServer } from './others.ts';
import { clusterKind } from './registry.ts';
import { EPOCH, type World } from './world.ts';

const EXACT_NAME = 'DNS:kubernetes.default.svc.cluster.local';

/** One listening endpoint of a week: what it does, and what is true of it. */
export interface PopulatedEndpoint {
  address: string;
  port: number;
  server: ServerSpecification;
  truth: Omit<LabTruth, 'week' | 'transition'>;
}

type Outage = 'timing-out' | 'resetting';

/** In turn: what times out twice is taken for gone, and what resets proves nothing. */
function outageOf(week: number): Outage {
  return week % 2 === 0 ? 'timing-out' : 'resetting';
}

function toClusterEndpoint(
  cluster: Cluster,
  node: ClusterNode,
  nodeIndex: number,
  options: { seed: number; layout: Layout; outage: Outage | null },
): PopulatedEndpoint {
  const kind = clusterKind(cluster.kind);
  const endpoint = options.layout.endpoint(node.slot, node.port);
  const who = { ...endpoint, component: 'kube-apiserver', clusterId: cluster.id } as const;
  if (options.outage !== null) {
    const server = { kind: options.outage };
    return { ...endpoint, server, truth: { ...who, ...NOTHING_SEEN, kind: server.kind } };
  }
  const random = createRandom(options.seed, 'certificate', cluster.identity);
  const { address } = options.layout.endpoint(node.certificateSlot ?? node.slot, node.port);
  const chain = kind.chain({ cluster, node, nodeIndex, address, random });
  const names = chain[0]?.extensions.flatMap((entry) => (entry.type === 'subject-alternative-name' ? entry.names : []));
  const goVersion = GO_VERSIONS[toMinor(cluster.gitVersion)] ?? NEWEST_GO;
  const answering = cluster.access === 'version';
  return {
    ...endpoint,
    server: {
      kind: 'api-server',
      tls: {
        chain,
        clientCas: kind.clientCas(cluster),
        tls13Only: kind.tls13Only ?? false,
        go: toGoTraits(goVersion),
        ...(cluster.copy === 'replay' ? { replayed: true } : {}),
      },
      answers: toApiAnswers(cluster),
      ...(kind.learnsNames === true && cluster.copy !== 'replay' ? { learnsAs: cluster.id } : {}),
    },
    truth: {
      ...who,
      kind: 'api-server',
      present: true,
      exactSan: names?.includes(EXACT_NAME) ?? false,
      answering,
      silence: cluster.access === 'version' ? null : cluster.access,
      exposure: answering ? 'says-version' : 'silent',
      distribution: kind.toldByVersionAlone === true && !answering ? 'unknown' : kind.verdict,
      gitVersion: answering ? cluster.gitVersion : null,
      minor: answering ? `1.${toMinor(cluster.gitVersion)}` : null,
      ...(kind.mutated === true ? { mutated: kind.name } : {}),
      ...(cluster.copy === 'mirror' ? { mirrored: true } : {}),
      ...(cluster.replays === undefined ? {} : { replays: cluster.replays }),
      ...(cluster.copy === 'template' ? { template: cluster.identity } : {}),
      ...(kind.why === undefined ? {} : { why: kind.why }),
    },
  };
}

/** All endpoints of a week's population, in the order of address and port. */
export function toEndpoints(
  world: World,
  options: { seed: number; layout: Layout; components: boolean },
): PopulatedEndpoint[] {
  const { seed, layout } = options;
  const clusters = world.clusters.flatMap((cluster) =>
    cluster.nodes.flatMap((node, nodeIndex) => {
      const outage = world.unreachable.has(cluster.id) ? outageOf(world.week) : null;
      const apiServer = toClusterEndpoint(cluster, node, nodeIndex, { seed, layout, outage });
      const beside = options.components ? toNodeComponents(cluster, node, nodeIndex, { seed, layout, apiServer }) : [];
      return [apiServer, ...beside];
    }),
  );
  const others = world.others.map((host): PopulatedEndpoint => {
    const endpoint = layout.endpoint(host.slot, host.port);
    const server = toOtherServer(host, seed, EPOCH);
    const truth = { ...endpoint, ...NOTHING_SEEN, component: null, kind: server.kind, clusterId: null };
    return { ...endpoint, server, truth };
  });
  const key = ({ address, port }: PopulatedEndpoint): string =>
    [...address.split('.'), port].map((part) => String(part).padStart(5, '0')).join('.');
  const evils = world.evils.map((host) => toEvilEndpoint(host, { seed, layout }));
  return [...clusters, ...others, ...evils].sort((left, right) => (key(left) < key(right) ? -1 : 1));
}
