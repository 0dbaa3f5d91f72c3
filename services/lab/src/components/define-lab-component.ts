import type { Component, Exposure, Silence } from '@kubecensus/shared/vocabulary';
import type { CertificateSpecification } from '../certificates/certificate.ts';
import type { ServingContext } from '../distributions/define-distribution.ts';
import { type KeyName, pairIndex } from '../keys/key-ring.ts';
import type { Random } from '../random.ts';
import type { HttpAnswer, TlsSpecification } from '../servers/server-specification.ts';

export interface ComponentContext extends ServingContext {
  /** The serving chain of the node's API server. */
  apiChain: readonly CertificateSpecification[];
  apiTls: TlsSpecification;
  /** A stream of this component on this node, the same every week. */
  own: Random;
}

/** One listening component of a node. */
export interface PlayedComponent {
  /** Absent: plain HTTP. */
  tls?: TlsSpecification;
  answers: readonly (readonly [path: string, answer: HttpAnswer])[];
  exposure: Exposure;
  silence: Silence | null;
}

/** How one part of Kubernetes beside the API server behaves. */
export interface LabComponent {
  name: Component;
  port: number;
  /** Of the nodes that run their own control plane, the share on which a stranger reaches it. */
  share: number;
  play(context: ComponentContext): PlayedComponent;
}

const TEXT_TYPE: readonly [string, string] = ['Content-Type', 'text/plain; charset=utf-8'];
const NO_SNIFF: readonly [string, string] = ['X-Content-Type-Options', 'nosniff'];

export const NOT_FOUND: HttpAnswer = { status: 404, headers: [TEXT_TYPE, NO_SNIFF], body: '404 page not found\n' };
export const OK: HttpAnswer = { status: 200, headers: [TEXT_TYPE, NO_SNIFF], body: 'ok' };

export function text(status: number, body: string): HttpAnswer {
  return { status, headers: [TEXT_TYPE], body };
}

export function json(body: unknown): HttpAnswer {
  return { status: 200, headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) };
}

/** Keys of nodes lie apart from those of a thousand API servers, which need the first 46 primes. */
const HIGHEST_PRIME = 63;
const LOWEST_PRIME = 47;
const KEYS_PER_PRIME = 45;
const NODE_KEYS = (HIGHEST_PRIME - LOWEST_PRIME + 1) * KEYS_PER_PRIME;

/** A node's key; from 765 on they repeat. */
export function nodeKey(index: number): KeyName {
  const place = index % NODE_KEYS;
  return `rsa2048:${pairIndex(LOWEST_PRIME + Math.floor(place / KEYS_PER_PRIME), place % KEYS_PER_PRIME)}`;
}
