import type { HttpAnswer } from './http-reader.ts';

/** How one connection to a target ended. */
export type AttemptEnd =
  | 'connection-refused'
  | 'connection-timeout'
  | 'unreachable'
  | 'withdrawn' // taken back by us
  | 'closed-silently' // connected, then closed or reset before any byte
  | 'read-timeout' // the deadline passed before the first flight (or the answer of a plain port) was whole
  | 'not-tls'
  | 'malformed' // bytes against the protocol's rules or over our caps, or a flight that breaks off
  | 'alert' // a TLS alert in place of a whole first flight
  | 'left' // the first flight was read and not taken further
  | 'unfinishable' // it was to be taken further, and is of a version, suite or curve that this wire does not finish
  | 'answered'
  | 'refused-after-finished' // alert, close or reset after our Finished and before the server's
  | 'client-certificate-required'
  | 'no-answer' // the deadline passed after our half of the handshake
  | 'closed-early' // handshake done, then closed or reset before a whole answer
  | 'malformed-answer'
  | 'answer-too-large'
  | 'internal-error'; // our own fault; `error` says which

export interface Attempt {
  end: AttemptEnd;
  /** Description of the TLS alert that ended it. */
  alert?: number;
  answer?: HttpAnswer;
  error?: unknown;
  /** Milliseconds until the three-way handshake was done; absent when it never was. */
  connectMs?: number;
}

/** Each phase has its own absolute deadline, and the target has one; no activity of the server moves them. */
export interface PhaseTimeouts {
  connectTimeoutMs: number;
  /** From the connection to the end of the first flight. */
  firstFlightTimeoutMs: number;
  /** From our request to the end of the answer. */
  answerTimeoutMs: number;
  /** All that a target may take of connections, the second one included. */
  targetTimeoutMs: number;
}

export interface AttemptTarget {
  address: string;
  port: number;
  sourceAddress?: string;
}
