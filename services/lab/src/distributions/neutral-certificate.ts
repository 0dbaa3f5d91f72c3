import type { CertificateSpecification } from '../certificates/certificate.ts';
import type { Name } from '../certificates/name.ts';
import { toServingSpecification } from '../certificates/serving-certificate.ts';
import type { Cluster } from '../population/cluster.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { KUBERNETES_NAMES, type ServingContext, YEAR_MS } from './define-distribution.ts';

function authority(cluster: Cluster): Name {
  return [['CN', `api-ca-${cluster.uid.slice(0, 8)}`]];
}

export function neutralClientCas(cluster: Cluster): readonly Name[] {
  return [authority(cluster), [['CN', 'aggregator']]];
}

/** A certificate with Kubernetes' names and no maker's mark: for providers whose certificate nobody has published. */
export function neutralServing(
  context: ServingContext,
  extra: { names?: readonly string[]; serviceIp: string },
): CertificateSpecification {
  const { cluster } = context;
  return toServingSpecification({
    subject: [['CN', 'api']],
    issuer: authority(cluster),
    sans: [...KUBERNETES_NAMES, ...(extra.names ?? []), `IP:${extra.serviceIp}`, `IP:${context.address}`],
    serial: serialOf(context),
    notBefore: cluster.issuedAt,
    notAfter: cluster.issuedAt + YEAR_MS,
    key: rsaKey(cluster),
    signer: RSA_AUTHORITY,
    authorityKeyId: cluster.authorityKeyId,
    basicConstraints: true,
  });
}
