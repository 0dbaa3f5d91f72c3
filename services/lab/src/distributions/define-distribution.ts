import type { CertificateSpecification } from '../certificates/certificate.ts';
import type { Name } from '../certificates/name.ts';
import type { Cluster, ClusterNode, VersionAccess } from '../population/cluster.ts';
import type { Random } from '../random.ts';

/** What a certificate is made from: the cluster, the node that shows it, and where that node answers. */
export interface ServingContext {
  cluster: Cluster;
  node: ClusterNode;
  /** Position of the node in its cluster. */
  nodeIndex: number;
  /** Dotted address at which the node is reached. */
  address: string;
  /** The same draws for the same cluster, week after week. */
  random: Random;
}

/** How hosts of one distribution behave. One file each in this folder. */
export interface LabDistribution {
  /** Identity of the file, and of the population's entry. */
  name: string;
  /** What an honest observer can say; differs from the name where the marks do not reach further. */
  verdict: string;
  /** Nothing but an open `/version` tells it: while that is closed the honest verdict is `unknown`. */
  toldByVersionAlone?: true;
  /** Why the verdict is what it is, where that is no matter of course. */
  why?: string;
  /** Set on hosts whose marks contradict one another or were taken away. */
  mutated?: true;
  /** Kubernetes hosts of this kind in a thousand. */
  share: number;
  /** A cluster listens on one of these. */
  ports: readonly number[];
  gitVersions: readonly string[];
  /** Share of the clusters that have this many addresses: `{ 3: 0.1 }`; the rest have one. */
  highlyAvailable?: Readonly<Record<number, number>>;
  access(gitVersion: string, random: Random): VersionAccess;
  /** An upgrade decides anew whether `/version` is open. */
  closesWithVersion?: true;
  /** The serving chain, leaf first. */
  chain(context: ServingContext): readonly CertificateSpecification[];
  /** Names in the request for a client certificate; an empty list asks and names nobody. */
  clientCas(cluster: Cluster): readonly Name[];
  /** Refuses everything below TLS 1.3. */
  tls13Only?: true;
  /** rancher/dynamiclistener: names that clients use are added to the certificate. */
  learnsNames?: true;
}

export function defineDistribution(distribution: LabDistribution): LabDistribution {
  return distribution;
}

/** Client CAs that a kube-apiserver names (transcript of kube-apiserver 1.20.2 with kubeadm's certificates). */
export function kubeadmClientCas(): readonly Name[] {
  return [[['CN', 'kubernetes']], [['CN', 'front-proxy-ca']]];
}

export const KUBERNETES_NAMES: readonly string[] = [
  'DNS:kubernetes',
  'DNS:kubernetes.default',
  'DNS:kubernetes.default.svc',
  'DNS:kubernetes.default.svc.cluster.local',
];

export const DAY_MS = 86_400_000;
export const YEAR_MS = 365 * DAY_MS;
