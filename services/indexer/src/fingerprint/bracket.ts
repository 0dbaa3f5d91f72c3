import type { Confidence } from '@kubecensus/shared/vocabulary';
import type { Facts } from './facts.ts';

/** The minors that a silent server may run, both ends inclusive; an open end is absent. */
export interface Bracket {
  readonly low?: string;
  readonly high?: string;
  readonly confidence: Confidence;
}

/** Reads the Go release behind a first flight that was seen in clear. */
export function toBracket(facts: Facts): Bracket | undefined {
  const { flight } = facts;
  if (flight?.seenInClear !== true || flight.tlsVersion !== 'tls12') return undefined;
  if (flight.extendedMasterSecret) return { low: '1.26', confidence: 'medium' };
  return flight.downgradeMark
    ? { low: '1.16', high: '1.28', confidence: 'medium' }
    : { high: '1.16', confidence: 'medium' };
}
