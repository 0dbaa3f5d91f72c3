import { type Decision, decide, type Seen } from './decide.ts';
import type { Rule, Rulebook } from './rulebook.ts';

/**
 * What was decided for one set of rules that held. A decision looks at nothing else but these, at the version told and at
 * whether there was a certificate, so a million servers come to some thousand decisions.
 */
export interface Holding {
  readonly rules: readonly Rule[];
  /** The same set and one rule more. */
  readonly next: Map<Rule, Holding>;
  /** By the version told, '' where none was. */
  readonly decisions: Record<Seen['leaf'], Map<string, Decision>>;
  /** Of the first holding: holdings and decisions that hang on it. */
  size: number;
}

/** Holdings and decisions that are remembered; strangers can make up any number of either. */
const MAX_REMEMBERED = 20_000;

export function createHolding(rules: readonly Rule[] = []): Holding {
  const decisions = { none: new Map(), 'without-names': new Map(), named: new Map() };
  return { rules, next: new Map(), decisions, size: 0 };
}

/** The decision for the rules that held, made once; rules in another order are remembered apart, and decided alike. */
export function recallDecision(rulebook: Rulebook, rules: readonly Rule[], seen: Seen): Decision {
  const first = rulebook.nothingHeld;
  let holding = first;
  for (const rule of rules) {
    let next = holding.next.get(rule);
    if (next === undefined) {
      next = createHolding([...holding.rules, rule]);
      holding.next.set(rule, next);
      first.size++;
    }
    holding = next;
  }
  const decisions = holding.decisions[seen.leaf];
  const version = seen.version?.raw ?? '';
  const known = decisions.get(version);
  if (known !== undefined) return known;
  const decision = decide(holding.rules, seen, rulebook);
  decisions.set(version, decision);
  if (++first.size > MAX_REMEMBERED) forget(first);
  return decision;
}

function forget(first: Holding): void {
  first.next.clear();
  for (const decisions of Object.values(first.decisions)) decisions.clear();
  first.size = 0;
}
