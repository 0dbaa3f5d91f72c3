import type { MarkKind } from '../distributions/define-distribution.ts';
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

const MEDIUM = 2;
const HIGH = 3;
const TLS_KINDS: ReadonlySet<MarkKind> = new Set(['certificate', 'names', 'client-ca']);
const NO_GROUND: ReadonlySet<string> = new Set();

/**
 * Distributions of the rules that held, the best first: by specificity where one is built on the other and its own
 * mark is worth at least medium, then by strength, then by name, so that the order of declaration does not matter.
 */
export function toCandidates(rules: readonly Rule[], rulebook: Rulebook): Candidate[] {
  const held = new Map<string, Rule[]>();
  for (const rule of new Set(rules)) {
    const own = held.get(rule.distribution);
    if (own === undefined) held.set(rule.distribution, [rule]);
    else own.push(rule);
  }
  const candidates = [...held].map(([distribution, own]) => toCandidate(distribution, own, held, rulebook));
  const ground = new Set<string>();
  for (const { distribution, strength } of candidates) {
    if (strength >= MEDIUM) for (const name of foundationsOf(distribution, rulebook)) ground.add(name);
  }
  return candidates.sort(
    (a, b) =>
      Number(ground.has(a.distribution)) - Number(ground.has(b.distribution)) ||
      b.strength - a.strength ||
      (a.distribution < b.distribution ? -1 : 1),
  );
}

function toCandidate(
  distribution: string,
  rules: readonly Rule[],
  held: ReadonlyMap<string, readonly Rule[]>,
  rulebook: Rulebook,
): Candidate {
  const best = Math.max(...rules.map(({ strength }) => strength));
  return {
    distribution,
    strength: best === MEDIUM && hasTwoKinds(distribution, rules, held, rulebook) ? HIGH : best,
    rules: rules.map(({ id }) => id).sort(),
    isSeenInTls: rules.some(({ kind }) => TLS_KINDS.has(kind)),
  };
}

/**
 * A mark of medium worth becomes a high one beside an independent second of its own. What it is built on bears out a
 * version, which is no part of the certificate; names and certificate it bears out in nothing, for it shows the same
 * ones by itself. Nothing adds up to certain.
 */
function hasTwoKinds(
  distribution: string,
  own: readonly Rule[],
  held: ReadonlyMap<string, readonly Rule[]>,
  rulebook: Rulebook,
): boolean {
  const kinds = new Set<MarkKind>();
  for (const { kind, strength } of own) if (strength >= MEDIUM) kinds.add(kind);
  for (const name of kinds.has('version') ? foundationsOf(distribution, rulebook) : NO_GROUND) {
    for (const { kind, strength } of held.get(name) ?? []) if (strength >= MEDIUM) kinds.add(kind);
  }
  return kinds.size > 1;
}

function foundationsOf(distribution: string, { foundations }: Rulebook): ReadonlySet<string> {
  return foundations.get(distribution) ?? NO_GROUND;
}
