import type { CertificateSpecification } from '../certificates/certificate.ts';
import type { Name } from '../certificates/name.ts';
import type { GoTraits } from './go-tls/go-flight.ts';

/** An HTTP answer by path; `*` answers the rest. Bodies are sent as they stand. */
export interface HttpAnswer {
  status: number;
  headers: readonly (readonly [string, string])[];
  body: string;
}

export interface TlsSpecification {
  chain: readonly CertificateSpecification[];
  /** Absent: no client certificate is asked for. Empty: one is asked for and nobody is named. */
  clientCas?: readonly Name[];
  tls13Only?: boolean;
  /** Ends the handshake of a client that shows no certificate. */
  requiresClientCertificate?: boolean;
  /** The certificate is copied from elsewhere: another key signs the handshake. Played in Go's TLS 1.2 alone. */
  replayed?: boolean;
  /** Play Go's TLS 1.2 to clients that offer no 1.3; absent: OpenSSL's, as nginx shows it. */
  go?: GoTraits;
}

/** What listens at one address and port. Plain data: two weeks with equal specifications have the same server. */
export type ServerSpecification =
  | {
      kind: 'api-server';
      tls: TlsSpecification;
      /** Answers by path, tried in order. */
      answers: readonly (readonly [path: string, answer: HttpAnswer])[];
      /** The cluster whose certificate learns the names that clients use; absent where it learns none. */
      learnsAs?: string;
    }
  /** A part of Kubernetes beside the API server; without `tls` it speaks plain HTTP. */
  | { kind: 'component'; tls?: TlsSpecification; answers: readonly (readonly [path: string, answer: HttpAnswer])[] }
  | { kind: 'other-tls'; tls: TlsSpecification; answers: readonly (readonly [path: string, answer: HttpAnswer])[] }
  | { kind: 'plain-http'; answer: HttpAnswer }
  /** Sends its line at once and waits. */
  | { kind: 'banner'; banner: string }
  /** Shows no certificate to a client that names no server. */
  | { kind: 'needs-name'; refusal: 'alert-112' | 'alert-40' | 'close'; tls: TlsSpecification }
  /** Accepts and never says anything. */
  | { kind: 'silent' }
  /** Mistreats whoever connects; see the folder `evil`. */
  | { kind: 'evil'; name: string; variant: number; tls: TlsSpecification }
  /** Accepts and resets before it says anything: a balancer whose servers are away for the week. */
  | { kind: 'resetting' }
  /** Does not complete a connect: a host that is switched off for the week. */
  | { kind: 'timing-out' };

export type ServerKind = ServerSpecification['kind'];
