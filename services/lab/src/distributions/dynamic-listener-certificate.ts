import type { CertificateSpecification } from '../certificates/certificate.ts';
import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { createdAtSeconds, EC_AUTHORITY, ecKey, serialOf } from './cluster-keys.ts';
import { KUBERNETES_NAMES, type ServingContext, YEAR_MS } from './define-distribution.ts';

/**
 * The public certificate of a k3s server, made by rancher/dynamiclistener (listener.go at 2ad60ef; two PEMs of 2021):
 * `O=k3s, CN=k3s`, P-256, notBefore is the authority's, names sorted, no basic constraints.
 */
export function dynamicListenerServing(
  context: ServingContext,
  dnsNames: readonly string[],
  addresses: readonly string[],
): CertificateSpecification {
  const { cluster, nodeIndex } = context;
  const names = [...KUBERNETES_NAMES, 'DNS:localhost', ...dnsNames].sort();
  const ips = [...addresses, '10.43.0.1', '127.0.0.1', '::1'].map((ip) => `IP:${ip}`).sort();
  return toServingSpecification({
    subject: [
      ['O', 'k3s'],
      ['CN', 'k3s'],
    ],
    issuer: [['CN', `k3s-server-ca@${createdAtSeconds(cluster)}`]],
    sans: [...new Set([...names, ...ips])],
    serial: serialOf(context, nodeIndex),
    notBefore: createdAtSeconds(cluster) * 1000,
    notAfter: cluster.issuedAt + YEAR_MS,
    key: ecKey(cluster, nodeIndex),
    signer: EC_AUTHORITY,
    authorityKeyId: cluster.authorityKeyId,
    basicConstraints: false,
  });
}
