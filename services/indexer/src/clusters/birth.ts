import type { MarkedEvidence } from './marked-evidence.ts';

/** When the cluster behind a certificate began, at the latest; and what says so. */
export interface Birth {
  at: Date;
  by: 'authority-name' | 'authority-certificate' | 'kubeadm-certificate';
}

/** rancher's authorities carry the second of their making in their name, kube-up's the address before it. */
const NAMED_MOMENT = /^CN=(?:(?:k3s|rke2)-server-ca|\d{1,3}(?:\.\d{1,3}){3})@(\d{10})$/;

/** The first public commit of Kubernetes: no cluster is older. */
const FIRST_CLUSTER = Date.UTC(2014, 5, 6);

/**
 * An authority is made with its cluster and seldom anew, so its own age is the cluster's. kubeadm dates every
 * certificate from its authority's first day (cmd/kubeadm/app/util/pkiutil, NewSignedCert); its later versions date a
 * renewed one from the renewal, so of several the earliest counts.
 */
export function toBirth(evidence: MarkedEvidence): Birth | undefined {
  const { subject, issuer, notBefore, authority, authorityKeyId } = evidence;
  const named = NAMED_MOMENT.exec(issuer ?? '')?.[1];
  if (named !== undefined) return toPossible(new Date(Number(named) * 1000), 'authority-name');
  if (authority !== null && authority.subject === issuer && authority.issuer === authority.subject) {
    return toPossible(authority.notBefore, 'authority-certificate');
  }
  // EKS has the same two names and no key identifiers, and renews by itself.
  if (subject === 'CN=kube-apiserver' && issuer === 'CN=kubernetes' && authorityKeyId !== null) {
    return toPossible(notBefore, 'kubeadm-certificate');
  }
  return undefined;
}

/** A stranger writes any date; one before there was Kubernetes is none. */
function toPossible(at: Date | null, by: Birth['by']): Birth | undefined {
  return at === null || at.getTime() < FIRST_CLUSTER || at.getUTCFullYear() > 9999 ? undefined : { at, by };
}
