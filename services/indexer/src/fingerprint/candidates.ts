import type { MarkKind } from '../distributions/define-distribution.ts';
import { toJoinedNames } from './conditions.ts';
import type { Facts } from './facts.ts';
import { type Rule, type Rulebook, recall } from './rulebook.ts';

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
 * Distributions with marks in the facts, the best first: by specificity where one is built on the other and its own
 * mark is worth at least medium, then by strength, then by name, so that the order of declaration does not matter.
 */
export function toCandidates(facts: Facts, rulebook: Rulebook): Candidate[] {
  const held = new Map<string, Rule[]>();
  for (const rule of toHeldRules(facts, rulebook)) {
    const rules = held.get(rule.distribution);
    if (rules === undefined) held.set(rule.distribution, [rule]);
    else rules.push(rule);
  }
  if (held.size === 0) return [];
  const candidates: Candidate[] = [];
  for (const [distribution, rules] of held) candidates.push(toCandidate(distribution, rules, held, rulebook));
  if (candidates.length === 1) return candidates;
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
  let best = 0;
  let isSeenInTls = false;
  for (const { kind, strength } of rules) {
    if (strength > best) best = strength;
    if (TLS_KINDS.has(kind)) isSeenInTls = true;
  }
  return {
    distribution,
    strength: best === MEDIUM && hasTwoKinds(distribution, rules, held, rulebook) ? HIGH : best,
    rules: rules.map(({ id }) => id).sort(),
    isSeenInTls,
  };
}

/**
 * A mark of medium worth becomes a high one beside an independent second, its own or one of what it is built on.
 * Nothing adds up to certain.
 */
function hasTwoKinds(
  distribution: string,
  own: readonly Rule[],
  held: ReadonlyMap<string, readonly Rule[]>,
  rulebook: Rulebook,
): boolean {
  const kinds = new Set<MarkKind>();
  for (const { kind, strength } of own) if (strength >= MEDIUM) kinds.add(kind);
  for (const name of foundationsOf(distribution, rulebook)) {
    for (const { kind, strength } of held.get(name) ?? []) if (strength >= MEDIUM) kinds.add(kind);
  }
  return kinds.size > 1;
}

function foundationsOf(distribution: string, { foundations }: Rulebook): ReadonlySet<string> {
  return foundations.get(distribution) ?? NO_GROUND;
}

function toHeldRules(facts: Facts, rulebook: Rulebook): Rule[] {
  const rules = rulebook.rules.get(facts.component);
  if (rules === undefined) return [];
  const names = toJoinedNames(facts);
  const held: Rule[] = [];
  const ask = (list: readonly Rule[] | undefined) => {
    if (list === undefined) return;
    for (const rule of list) if (rule.holds(facts, names)) held.push(rule);
  };
  const { leaf, clientCas } = facts;
  ask(rules.ofRest);
  if (leaf !== undefined) {
    if (leaf.subject?.cn !== undefined) ask(rules.bySubject.get(leaf.subject.cn));
    if (leaf.issuer?.cn !== undefined) ask(rules.byIssuer.get(leaf.issuer.cn));
    if (rules.literals.test(names)) ask(rules.ofLiterals);
    for (const list of toListsOf(rules.byName, leaf.dnsNames)) ask(list);
    for (const list of toListsOf(rules.byAddress, leaf.ipAddresses)) ask(list);
  }
  if (clientCas !== undefined && clientCas.length > 0) ask(rules.ofClientCas);
  if (facts.version?.kind === 'version') {
    const key = `${facts.component} version ${facts.version.version.raw}`;
    held.push(...recall(rulebook, key, () => rules.ofVersion.filter((rule) => rule.holds(facts, names))));
  }
  return held.length > 1 ? [...new Set(held)] : held;
}

/** The lists of the keys that are there, each once: a certificate may name one thing twice. */
function toListsOf(
  lists: ReadonlyMap<string, Rule[]>,
  keys: readonly string[],
): ReadonlySet<Rule[]> | readonly Rule[][] {
  let found: Set<Rule[]> | undefined;
  for (const key of keys) {
    const list = lists.get(key);
    if (list === undefined) continue;
    found ??= new Set();
    found.add(list);
  }
  return found ?? NO_LISTS;
}

const NO_LISTS: readonly Rule[][] = [];
