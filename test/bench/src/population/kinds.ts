/** How clusters of one distribution look from outside, as far as a population needs it. */
export interface Kind {
  distribution: string;
  /** Share of all clusters, in thousandths. */
  share: number;
  port: number;
  /** Share that tells its version. */
  answering: number;
  suffix: string;
  /** Names in its certificates beside those of every API server; `#` is the cluster's own part. */
  names: readonly string[];
  issuer: string;
  /** Days that a serving certificate is valid. */
  days: number;
  /** Autonomous systems that it runs in; none: anywhere. */
  networks: readonly number[];
  /** Addresses that show one certificate, and control planes with a certificate each. */
  addresses: number;
  planes: number;
}

const cloud = { port: 443, issuer: 'CN=kubernetes', days: 365, planes: 1, addresses: 1 };
const own = { port: 6443, issuer: 'CN=kubernetes', days: 365, networks: [], planes: 1, addresses: 1 };

/** Shares as a rough picture of the Internet: a few clouds have half of it, and the tail is long. */
export const KINDS: readonly Kind[] = [
  { ...cloud, distribution: 'eks', share: 270, answering: 0.75, suffix: '-eks-113cf36', names: ['#.gr7.us-east-1.eks.amazonaws.com', 'ip-10-0-1-1.ec2.internal'], networks: [16509, 14618], addresses: 2 },
  { ...cloud, distribution: 'gke', share: 210, answering: 0.85, suffix: '-gke.1200', names: [], days: 1825, networks: [396982, 15169] },
  { ...own, distribution: 'kubeadm', share: 150, answering: 0.8, suffix: '', names: ['#-master.internal', '#.example.net'], planes: 3 },
  { ...own, distribution: 'k3s', share: 120, answering: 0.1, suffix: '+k3s1', names: ['#', 'localhost'], issuer: 'CN=k3s-server-ca@1700000000' },
  { ...cloud, distribution: 'aks', share: 70, answering: 0, suffix: '', names: ['#.hcp.westeurope.azmk8s.io'], days: 730, networks: [8075] },
  { ...own, distribution: 'openshift', share: 50, answering: 0.9, suffix: '+a17bdb3', names: ['api.#.example.org', 'api-int.#.example.org'], days: 30 },
  { ...own, distribution: 'rke2', share: 30, answering: 0.1, suffix: '+rke2r1', names: ['#', 'localhost'], issuer: 'CN=rke2-server-ca@1700000000', planes: 3 },
  { ...cloud, distribution: 'doks', share: 22, answering: 0.9, suffix: '', names: ['#.k8s.ondigitalocean.com'], networks: [14061] },
  { ...cloud, distribution: 'oke', share: 14, answering: 0.8, suffix: '', names: [], networks: [31898], port: 6443 },
  { ...own, distribution: 'microk8s', share: 14, answering: 0.3, suffix: '', names: ['#'], port: 16443, days: 3650 },
  { ...cloud, distribution: 'ack', share: 12, answering: 0.7, suffix: '-aliyun.1', names: [], networks: [45102, 37963], port: 6443 },
  { ...cloud, distribution: 'tke', share: 9, answering: 0.6, suffix: '-tke.3', names: ['#.ccs.tencent-cloud.com'], networks: [132203] },
  { ...own, distribution: 'talos', share: 8, answering: 0, suffix: '', names: ['#.internal'] },
  { ...cloud, distribution: 'iks', share: 6, answering: 0.9, suffix: '+IKS', names: ['#.containers.cloud.ibm.com'], networks: [36351] },
  { ...cloud, distribution: 'lke', share: 5, answering: 0.9, suffix: '', names: ['#.linodelke.net'], networks: [63949] },
  { ...own, distribution: 'unknown', share: 10, answering: 0.5, suffix: '', names: ['#.lan'] },
]; // biome-ignore format: one line a kind

/** Newest first; few run the newest, most the two before it, and old ones never die. */
export const MINORS: readonly string[] = [
  '1.31', '1.32', '1.30', '1.33', '1.29', '1.28', '1.27', '1.34', '1.26', '1.25', '1.24', '1.23', '1.22', '1.21', '1.20', '1.18',
]; // biome-ignore format: one line

export const SILENCES: readonly string[] = ['unauthorized', 'forbidden', 'client-certificate-required'];
