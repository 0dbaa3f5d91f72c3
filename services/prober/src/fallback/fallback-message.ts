import type { AttemptEnd, AttemptTarget, HttpAnswer, PhaseTimeouts } from '../wire/index.ts';

/** What the parent tells the child. Buffers travel as they are (`advanced` serialization). */
export type ToChild =
  | {
      kind: 'connect';
      id: number;
      target: AttemptTarget;
      timeouts: PhaseTimeouts;
      /** The request to send if the parent says so. */
      request: { method: string; bytes: Uint8Array };
      serverName?: string;
      /** Certificates to hand back. Told, for loading the contract that says so is most of what a child's start costs. */
      maxChain: number;
    }
  | { kind: 'ask'; id: number }
  | { kind: 'leave'; id: number };

/** What a handshake over the library showed. Only DER crosses; no key was made of it. */
export interface LibraryFlight {
  tlsVersion: 'tls10' | 'tls11' | 'tls12' | 'tls13';
  /** OpenSSL's standard name, such as `TLS_AES_128_GCM_SHA256`. */
  cipherSuiteName: string;
  curveName?: string;
  chain: Uint8Array[];
  chainLength: number;
}

/** What the child tells the parent. */
export type FromChild =
  /** Its module is loaded: a death before this word is no target's doing. */
  | { kind: 'ready'; id: 0 }
  /** The handshake is done; the child waits for `ask` or `leave`. */
  | { kind: 'flight'; id: number; flight: LibraryFlight }
  | { kind: 'ended'; id: number; end: AttemptEnd; alert?: number; answer?: HttpAnswer }
  /** This machine is out of something. */
  | { kind: 'troubled'; id: number; systemCode: string };
