import { CONFIDENCES, type Confidence } from '@kubecensus/shared/vocabulary';
import type { MarkKind } from '../distributions/define-distribution.ts';
import type { Facts } from './facts.ts';
import type { Rule, Rulebook } from './rulebook.ts';

/** A distribution for which at least one rule held. */
export interface Candidate {
  readonly distribution: string;
  /** 0: weak marks only, 1: low, 2: medium, 3: high, 4: certain. */
  readonly strength: number;
  /** Identities of the rules that held, sorted. */
  readonly rules: readonly string[];
  /** One of the marks is in the certificates or in the names of client CAs. */
  readonly isSeenInTls: boolean;
}

const STRENGTHS = new Map<Confidence, number>(
  CONFIDENCES.map((confidence, index) => [confidence, CONFIDENCES.length - index]),
);
const MEDIUM = 2;
const HIGH = 3;
const TLS_KINDS: ReadonlySet<MarkKind> = new Set(['certificate', 'names', 'client-ca']);
const NO_GROUND: ReadonlySet<string> = new Set();

/**
 * Distributions with marks in the facts, the best first: by specificity where one is built on the other and its own
 * mark is worth at least medium, then by strength, then by name, so that the order of declaration does not matter.
 */
export function toCandidates(facts: Facts, rulebook: Rulebook): Candidate[] {
  const held = new Map<string, Rule[]>();
  for (const rule of rulebook.rules.get(facts.component) ?? []) {
    if (!rule.holds(facts)) continue;
    const rules = held.get(rule.distribution);
    if (rules === undefined) held.set(rule.distribution, [rule]);
    else rules.push(rule);
  }
  const candidates = [...held].map(([distribution, rules]): Candidate => {
    const ground = rulebook.foundations.get(distribution) ?? NO_GROUND;
    const supporting = [...held].flatMap(([other, marks]) => (ground.has(other) ? marks : []));
    return {
      distribution,
      strength: toStrength(rules, supporting),
      rules: rules.map(({ id }) => id).sort(),
      isSeenInTls: rules.some(({ kind }) => TLS_KINDS.has(kind)),
    };
  });
  const isGround = (name: string): boolean =>
    candidates.some(
      (other) => other.strength >= MEDIUM && rulebook.foundations.get(other.distribution)?.has(name) === true,
    );
  const ground = new Set(candidates.map(({ distribution }) => distribution).filter(isGround));
  return candidates.sort(
    (a, b) =>
      Number(ground.has(a.distribution)) - Number(ground.has(b.distribution)) ||
      b.strength - a.strength ||
      (a.distribution < b.distribution ? -1 : 1),
  );
}

/**
 * The best own mark counts. A mark of medium worth becomes a high one beside an independent second, its own or one of
 * what it is built on; nothing adds up to certain.
 */
function toStrength(own: readonly Rule[], supporting: readonly Rule[]): number {
  let best = 0;
  const mediumKinds = new Set<MarkKind>();
  for (const { kind, confidence } of own) {
    if (kind === 'weak') continue;
    const strength = STRENGTHS.get(confidence) ?? 0;
    best = Math.max(best, strength);
    if (strength >= MEDIUM) mediumKinds.add(kind);
  }
  if (best !== MEDIUM) return best;
  for (const { kind, confidence } of supporting) {
    if (kind !== 'weak' && (STRENGTHS.get(confidence) ?? 0) >= MEDIUM) mediumKinds.add(kind);
  }
  return mediumKinds.size > 1 ? HIGH : best;
}
