/** A name that a provider gives to one control plane, and what of it is the cluster's own. */
interface ProviderName {
  provider: string;
  /** Its first group is unique among the provider's clusters. Case does not count. */
  pattern: RegExp;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/**
 * EKS: the public certificate of 2018. AKS: Azure/AKS#368. DOKS: kubeconfigs in public. The others are patterns of public
 * host names whose certificates nobody has published: where one is wrong, it finds nothing.
 */
const PROVIDER_NAMES: readonly ProviderName[] = [
  { provider: 'eks', pattern: /^([0-9a-f]{32})\.[a-z0-9]{2,8}\.[a-z0-9-]+\.eks\.amazonaws\.com(?:\.cn)?$/i },
  { provider: 'aks', pattern: /^([a-z0-9.-]+\.hcp\.[a-z0-9]+\.azmk8s\.(?:io|cn|us))$/i },
  { provider: 'doks', pattern: new RegExp(`^(${UUID})\\.k8s\\.ondigitalocean\\.com$`, 'i') },
  { provider: 'lke', pattern: new RegExp(`^(${UUID})\\.[a-z0-9-]+\\.linodelke\\.net$`, 'i') },
  { provider: 'vultr', pattern: new RegExp(`^(${UUID})\\.vultr-k8s\\.com$`, 'i') },
  { provider: 'ovh', pattern: /^([a-z0-9]{4,12}\.c[0-9]+\.[a-z0-9]+)\.k8s\.ovh\.[a-z]{2,3}$/i },
  { provider: 'scaleway', pattern: new RegExp(`^(${UUID})\\.api\\.k8s\\.[a-z0-9-]+\\.scw\\.cloud$`, 'i') },
  { provider: 'civo', pattern: new RegExp(`^(${UUID})\\.k8s\\.civo\\.com$`, 'i') },
  { provider: 'exoscale', pattern: new RegExp(`^(${UUID})\\.sks-[a-z0-9-]+\\.exo\\.io$`, 'i') },
  { provider: 'tke', pattern: /^(cls-[a-z0-9]{8})\.ccs\.tencent-cloud\.com$/i },
];

/** GKE's authority is named by the cluster's UUID, and ACK's by its id, which is its organisation as well (a capture of 2018). */
const GKE_ISSUER = new RegExp(`^CN=(${UUID})$`, 'i');
const ACK_ISSUER = /^O=(c[0-9a-z]{32}), OU=default, CN=(c[0-9a-z]{32})$/;

/** `eks:<hash>` and the like; undefined where there is none, and where two clusters' names stand on one certificate. */
export function toProviderMark(issuer: string | null, dnsNames: readonly string[]): string | undefined {
  const found = new Set<string>();
  for (const name of dnsNames) {
    for (const { provider, pattern } of PROVIDER_NAMES) {
      const own = pattern.exec(name)?.[1];
      if (own !== undefined) found.add(`${provider}:${own.toLowerCase()}`);
    }
  }
  const gke = GKE_ISSUER.exec(issuer ?? '')?.[1];
  if (gke !== undefined) found.add(`gke:${gke.toLowerCase()}`);
  const ack = ACK_ISSUER.exec(issuer ?? '');
  if (ack?.[1] !== undefined && ack[1] === ack[2]) found.add(`ack:${ack[1]}`);
  const [only] = found;
  return found.size === 1 ? only : undefined;
}
