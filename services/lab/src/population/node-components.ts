import { LAB_COMPONENTS } from '../components/index.ts';
import { createRandom } from '../random.ts';
import { type Cluster, type ClusterNode, toMinor } from './cluster.ts';
import type { PopulatedEndpoint } from './endpoints.ts';
import type { Layout } from './layout.ts';
import { NOTHING_SEEN } from './nothing-seen.ts';

/** Kinds whose machines belong to those who run them; of the managed ones a stranger meets the API server alone. */
const SELF_MANAGED: ReadonlySet<string> = new Set([
  'kubeadm',
  'kubespray',
  'k3s',
  'rke2',
  'rke1',
  'k0s',
  'microk8s',
  'minikube',
  'kind',
  'hard-way',
  'kops',
]);

/** The first release without an insecure port. */
const NO_INSECURE_PORT = 24;

/** What listens on a node beside its API server, the same every week while the cluster is the same. */
export function toNodeComponents(
  cluster: Cluster,
  node: ClusterNode,
  nodeIndex: number,
  options: { seed: number; layout: Layout; apiServer: PopulatedEndpoint },
): PopulatedEndpoint[] {
  const { seed, layout, apiServer } = options;
  if (!SELF_MANAGED.has(cluster.kind) || cluster.copy !== undefined) return [];
  return LAB_COMPONENTS.flatMap((component): PopulatedEndpoint[] => {
    const own = createRandom(seed, 'component', component.name, cluster.identity, nodeIndex);
    if (!own.chance(component.share)) return [];
    if (component.name === 'kube-apiserver-insecure' && toMinor(cluster.gitVersion) >= NO_INSECURE_PORT) return [];
    const endpoint = layout.endpoint(node.slot, component.port);
    const who = { ...endpoint, ...NOTHING_SEEN, component: component.name, clusterId: cluster.id };
    const { server } = apiServer;
    if (server.kind !== 'api-server') return [{ ...endpoint, server, truth: { ...who, kind: server.kind } }];
    const { tls: apiTls } = server;
    const random = createRandom(seed, 'certificate', cluster.identity);
    const context = {
      cluster,
      node,
      nodeIndex,
      address: endpoint.address,
      random,
      apiChain: apiTls.chain,
      apiTls,
      own,
    };
    const { tls, answers, exposure, silence } = component.play(context);
    return [
      {
        ...endpoint,
        server: { kind: 'component', ...(tls === undefined ? {} : { tls }), answers },
        truth: { ...who, kind: 'component', present: true, exposure, silence },
      },
    ];
  });
}

/** Ports of the components, for scans that look for them. */
export const COMPONENT_PORTS: readonly number[] = LAB_COMPONENTS.map(({ port }) => port);
