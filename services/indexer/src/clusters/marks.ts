import { hash } from 'node:crypto';
import { type Birth, toBirth } from './birth.ts';
import type { MarkedEvidence } from './marked-evidence.ts';
import { toProviderMark } from './provider-mark.ts';

/** One more whenever the functions below say something else of the same evidence. */
export const MARKS_VERSION = 1;

export interface Marks {
  /** SHA-256, in hex, of what is equal on all addresses of a mirror. */
  shownHash: string | undefined;
  /** The one cluster that the certificate is of. It proves nothing before its key was proved. */
  identity: string | undefined;
  /** An object of the cluster's own, named in a header that anyone can copy. */
  flowSchema: string | undefined;
  birth: Birth | undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Names that no public authority signs and that a cluster's own authority does. */
const IN_CLUSTER = /^kubernetes(?:$|\.default(?:$|\.svc(?:$|\.))|\.svc\.)/i;

/** What a piece of evidence says of the cluster behind it, whoever sent it. Never throws. */
export function toMarks(evidence: MarkedEvidence): Marks {
  const { certificateHash, flowSchemaUid, responseHash } = evidence;
  const isApiServer = evidence.component === 'kube-apiserver';
  return {
    shownHash: certificateHash ?? responseHash ?? undefined,
    identity: toIdentity(evidence, isApiServer),
    flowSchema:
      isApiServer && flowSchemaUid !== null && UUID.test(flowSchemaUid)
        ? `flowschema:${flowSchemaUid.toLowerCase()}`
        : undefined,
    birth: toBirth(evidence),
  };
}

/**
 * The provider's name for it, else its authority, else the certificate alone. The authority of an API server counts only
 * where it signed names of the inside of a cluster: a company's or a public authority signs for many.
 */
function toIdentity(evidence: MarkedEvidence, isApiServer: boolean): string | undefined {
  const { certificateHash, issuer, authorityKeyId, dnsNames } = evidence;
  if (certificateHash === null) return undefined;
  const provider = toProviderMark(issuer, dnsNames);
  if (provider !== undefined) return provider;
  const isInternal = !isApiServer || dnsNames.some((name) => IN_CLUSTER.test(name));
  if (issuer !== null && authorityKeyId !== null && authorityKeyId !== '' && isInternal) {
    return `authority:${hash('sha256', `${issuer}\0${authorityKeyId.toLowerCase()}`, 'hex').slice(0, 32)}`;
  }
  return `certificate:${certificateHash.slice(0, 32)}`;
}
