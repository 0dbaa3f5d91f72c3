/** What of a stored evidence can tell a cluster from another. Texts are cleaned; null where there is none. */
export interface MarkedEvidence {
  component: string;
  /** SHA-256 of the leaf, in hex. */
  certificateHash: string | null;
  subject: string | null;
  issuer: string | null;
  /** In hex, as it stands in the leaf. */
  authorityKeyId: string | null;
  dnsNames: readonly string[];
  notBefore: Date | null;
  /** The certificate after the leaf. */
  authority: { subject: string | null; issuer: string | null; notBefore: Date | null } | null;
  /** Of `X-Kubernetes-Pf-Flowschema-Uid`, as it was sent. */
  flowSchemaUid: string | null;
  /** SHA-256 of the response, in hex. */
  responseHash: string | null;
}
