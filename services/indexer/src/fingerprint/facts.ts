import type { VersionVerdict } from '@kubecensus/shared/kubernetes';
import type { Component, PresentReason } from '@kubecensus/shared/vocabulary';

/** A distinguished name, as far as rules look at it. `text` is for people; rules read the attributes. */
export interface NameFacts {
  readonly text: string;
  /** First value of each attribute; absent where the name has none. */
  readonly cn?: string;
  readonly o?: string;
  readonly ou?: string;
}

/** What rules read of one certificate. Absent means "not known", never "not there". */
export interface CertificateFacts {
  readonly subject?: NameFacts;
  readonly issuer?: NameFacts;
  /** In lower case, in the certificate's order, duplicates kept. */
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** As the certificate reader names it: `RSA-2048`, `EC P-256`, `Ed25519`. */
  readonly keyType?: string;
  /** Milliseconds since the epoch. */
  readonly notBefore?: number;
  readonly notAfter?: number;
  /** Object identifiers of the extensions that it has. */
  readonly extensions?: readonly string[];
  readonly netscapeComment?: string;
}

/** Whether the leaf carries names that only the API's own service has. */
export function isOfApiServer({ dnsNames }: CertificateFacts): boolean {
  return dnsNames.some((name) => name === 'kubernetes' || name.startsWith('kubernetes.default'));
}

export interface FlightFacts {
  readonly tlsVersion: 'tls10' | 'tls11' | 'tls12' | 'tls13';
  /** Read in clear from the raw hello; false where a TLS library did the talking and hid the rest. */
  readonly seenInClear: boolean;
  /** Absent where it was not seen. */
  readonly extendedMasterSecret?: boolean;
  readonly downgradeMark?: boolean;
  readonly clientCertificate: 'asked' | 'not-asked' | 'unknown';
  /** Of the CertificateRequest, in the server's order. */
  readonly signatureAlgorithms?: readonly number[];
}

export const BODY_KINDS = ['empty', 'status-object', 'version-document', 'json', 'html', 'text', 'binary'] as const;
export type BodyKind = (typeof BODY_KINDS)[number];

export interface HttpFacts {
  readonly status: number;
  /** Asked by names in lower case, they give the first value of each. */
  readonly headers: { get(name: string): string | undefined };
  readonly bodyKind: BodyKind;
}

/** Everything that rules may look at: data, no bytes of a stranger beyond bounded text. */
export interface Facts {
  readonly component: Component;
  readonly port: number;
  /** Why a component that is present gave no complete answer, where that is known. */
  readonly reason?: PresentReason;
  readonly leaf?: CertificateFacts;
  /** The certificates after the leaf. */
  readonly issuers: readonly CertificateFacts[];
  /** Names of the client CAs that the server accepts; absent where they could not be seen. */
  readonly clientCas?: readonly NameFacts[];
  readonly flight?: FlightFacts;
  readonly http?: HttpFacts;
  /** The judged body of a 200 answer to /version. */
  readonly version?: VersionVerdict;
}
