import type { Component } from '@kubecensus/shared/vocabulary';

/** What a first flight shows of names, read on demand. Texts are cleaned. */
export interface FlightNames {
  readonly port: number;
  /** `O=k3s, CN=k3s`; empty where no certificate could be read. */
  readonly subject: string;
  /** First CN of the leaf's subject; empty where there is none. */
  readonly commonName: string;
  readonly issuer: string;
  readonly issuerCommonName: string;
  /** DNS names of the leaf, in lower case. */
  readonly dnsNames: readonly string[];
  /** Common names of the client CAs that the server names; for a CA without one, its whole name. */
  readonly clientCaNames: readonly string[];
  /** True when the server asks for a client certificate, whomever it names. */
  readonly isCertificateRequested: boolean;
}

/** An answer as a rule sees it. */
export interface AnswerSeen {
  readonly port: number;
  readonly status: number;
  /** Value of the first header of that lower-case name. */
  header(name: string): string | undefined;
  /** The body as UTF-8. */
  readonly text: string;
}

/** `look-alike`: something that resembles the component and is known to be something else. */
export type Recognition = 'component' | 'look-alike' | 'none';

/** Everything that may leave for a target, in the order of sending. */
export type Sending = 'client-hello' | 'client-key-exchange-and-finished' | 'request';

export interface ComponentDefinition {
  readonly name: Component;
  /** Where it listens by default; a scan may look elsewhere. */
  readonly ports: readonly number[];
  readonly transport: 'tls' | 'plain';
  readonly request: { readonly method: 'GET' | 'HEAD'; readonly path: string };
  readonly sends: readonly Sending[];
  /** Judges a TLS first flight; `none` ends the probe there. Never called for a plain transport. */
  recogniseFlight(names: FlightNames): Recognition;
  /**
   * Judges an answer on its own. On a TLS port `none` leaves the first flight's verdict standing; on a plain port the
   * answer is all there is.
   */
  recogniseAnswer(answer: AnswerSeen): Recognition;
  /** Blanks what changes in a body from one look to the next, so that equal servers give equal evidence. */
  steadyBody?(body: string): string;
}

/** Declares a component: data first, then its rules of evidence. */
export function defineComponent(definition: ComponentDefinition): ComponentDefinition {
  return Object.freeze(definition);
}
