import type { CertificateSpecification } from '../certificates/certificate.ts';
import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { toMinor } from '../population/cluster.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { KUBERNETES_NAMES, type ServingContext, YEAR_MS } from './define-distribution.ts';

/** kubeadm back-dates what it issues by five minutes since about 1.28 (a capture of 2026-09). */
const BACK_DATE_MS = 5 * 60_000;

/** Sorted and without repeats, as kubeadm writes DNS names. */
export function sortedDnsNames(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/**
 * A kube-apiserver certificate by kubeadm (kubernetes/kubernetes cmd/kubeadm/app/util/pkiutil at 025f283; transcript
 * of 1.20.2): sorted DNS names, then the service address, the advertise address, and what the operator added.
 */
export function kubeadmServing(
  context: ServingContext,
  options: { dnsNames?: readonly string[]; serviceIp: string; addresses?: readonly string[]; years?: number },
): CertificateSpecification {
  const { cluster, node, nodeIndex, address } = context;
  const minor = toMinor(cluster.gitVersion);
  const names = sortedDnsNames([`DNS:${node.hostname}`, ...KUBERNETES_NAMES, ...(options.dnsNames ?? [])]);
  const addresses = [options.serviceIp, address, ...(options.addresses ?? [])];
  return toServingSpecification({
    subject: [['CN', 'kube-apiserver']],
    issuer: [['CN', 'kubernetes']],
    sans: [...names, ...addresses.map((ip) => `IP:${ip}`)],
    serial: serialOf(context, nodeIndex),
    notBefore: cluster.issuedAt - (minor >= 28 ? BACK_DATE_MS : 0),
    notAfter: cluster.issuedAt + (options.years ?? 1) * YEAR_MS,
    key: rsaKey(cluster, nodeIndex),
    signer: RSA_AUTHORITY,
    authorityKeyId: cluster.authorityKeyId,
    // 1.20.2 wrote none (transcript); later captures of certificates from the same code have it.
    basicConstraints: minor >= 22,
  });
}
