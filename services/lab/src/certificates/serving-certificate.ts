import type { CertificateSpecification } from './certificate.ts';
import type { Extension } from './extension.ts';
import type { Name } from './name.ts';

export interface ServingCertificate {
  subject: Name;
  issuer: Name;
  sans: readonly string[];
  serial: string;
  notBefore: number;
  notAfter: number;
  key: CertificateSpecification['key'];
  signer: CertificateSpecification['signer'];
  /** Hexadecimal; absent from certificates that carry no authority key id (EKS, 2018). */
  authorityKeyId?: string;
  basicConstraints: boolean;
  clientUsage?: boolean;
}

/**
 * A serving certificate as Go's crypto/x509 lays it out: key usage, extended key usage, basic constraints, authority
 * key id, names, in this order (transcript of kube-apiserver 1.20.2; minikube's and k3s' certificates).
 */
export function toServingSpecification(certificate: ServingCertificate): CertificateSpecification {
  const { subject, issuer, serial, notBefore, notAfter, key, signer, authorityKeyId } = certificate;
  const extensions: Extension[] = [
    { type: 'key-usage', bits: ['digitalSignature', 'keyEncipherment'], critical: true },
    { type: 'extended-key-usage', server: true, client: certificate.clientUsage ?? false },
  ];
  if (certificate.basicConstraints) extensions.push({ type: 'basic-constraints', ca: false, critical: true });
  if (authorityKeyId !== undefined) {
    extensions.push({ type: 'authority-key-id', id: Buffer.from(authorityKeyId, 'hex') });
  }
  extensions.push({ type: 'subject-alternative-name', names: certificate.sans });
  return { subject, issuer, serial, notBefore, notAfter, key, signer, extensions };
}

/** The authority's own certificate, for distributions that send it in the chain. */
export function toAuthoritySpecification(authority: {
  name: Name;
  serial: string;
  notBefore: number;
  notAfter: number;
  key: CertificateSpecification['key'];
  keyId: string;
}): CertificateSpecification {
  return {
    subject: authority.name,
    issuer: authority.name,
    serial: authority.serial,
    notBefore: authority.notBefore,
    notAfter: authority.notAfter,
    key: authority.key,
    signer: authority.key,
    extensions: [
      { type: 'key-usage', bits: ['digitalSignature', 'keyEncipherment', 'keyCertSign'], critical: true },
      { type: 'basic-constraints', ca: true, critical: true },
      { type: 'subject-key-id', id: Buffer.from(authority.keyId, 'hex') },
    ],
  };
}
