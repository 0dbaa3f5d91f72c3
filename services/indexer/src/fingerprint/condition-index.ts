import type { Condition, NamePattern } from '../distributions/define-distribution.ts';
import { type Test, toTests } from './conditions.ts';
import type { Facts } from './facts.ts';
import { DistinguishedNameTraits, DnsTraits, ExactTraits, numberTraits, type Trait, VersionTraits } from './traits.ts';

/** A condition, and what it stands for. */
export interface Conditional<T> {
  readonly when: Condition;
  readonly value: T;
}

/** Gives the values whose condition holds, each once and in no particular order. */
export type ConditionIndex<T> = (facts: Facts) => readonly T[];

/** Names that the certificate of any API server has. */
const COMMON_NAMES: readonly string[] = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

/** As many as 31 bits tell apart. */
const LAST_GENERATION = 0x7f_ff_ff_ff;

interface Indexed<T> {
  readonly value: T;
  readonly required: readonly Trait[];
  readonly forbidden: readonly Trait[];
  readonly tests: readonly Test[];
}

/**
 * Lays conditions out by what they ask for, so that a certificate is held against those alone of which it shows one
 * trait: each value is asked once, whatever the number of conditions, and most conditions never are.
 */
export function indexConditions<T>(conditionals: readonly Conditional<T>[]): ConditionIndex<T> {
  const numbers = numberTraits();
  const values = {
    version: new VersionTraits(),
    subject: new DistinguishedNameTraits(),
    issuer: new DistinguishedNameTraits(),
    sentIssuer: new DistinguishedNameTraits(),
    clientCa: new DistinguishedNameTraits(),
    dns: new DnsTraits(),
    address: new ExactTraits(),
  };
  const byFirstTrait = new Map<Trait, Indexed<T>[]>();
  const withoutTraits: Indexed<T>[] = [];
  for (const { when, value } of conditionals) {
    const { required, forbidden } = addCondition(when);
    const [first, ...others] = required;
    const indexed = { value, required: others, forbidden, tests: toTests(when) };
    if (first === undefined) withoutTraits.push(indexed);
    else byFirstTrait.set(first, [...(byFirstTrait.get(first) ?? []), indexed]);
  }
  values.dns.seal(COMMON_NAMES);
  const triggered = Array.from({ length: numbers.count }, (_, trait) => byFirstTrait.get(trait) ?? []);

  /** Traits that the facts must and must not have; of the required ones that first which fewest servers show. */
  function addCondition(when: Condition): { required: Trait[]; forbidden: Trait[] } {
    const { gitVersion, subject, issuer, sentIssuer, clientCas = [], dnsNames = {}, ipAddresses = {} } = when;
    const required: Trait[] = [];
    const forbidden: Trait[] = [];
    if (gitVersion !== undefined) {
      const trait = numbers.of(`version ${gitVersion}`);
      values.version.add(gitVersion, trait);
      required.push(trait);
    }
    if (sentIssuer !== undefined) required.push(addName('sentIssuer', sentIssuer));
    for (const pattern of clientCas) required.push(addName('clientCa', pattern));
    if (subject !== undefined) required.push(addName('subject', subject));
    if (issuer !== undefined) required.push(addName('issuer', issuer));
    for (const expression of [dnsNames.some ?? []].flat()) required.push(addExpression(expression));
    if (dnsNames.none !== undefined) forbidden.push(addExpression(dnsNames.none));
    const names = [...(dnsNames.every ?? [])].sort((a, b) => rarity(a) - rarity(b));
    for (const name of names) {
      const trait = numbers.of(`name ${name}`);
      values.dns.addName(name, trait);
      required.push(trait);
    }
    for (const address of ipAddresses.every ?? []) required.push(addAddresses([address]));
    if (ipAddresses.some !== undefined) required.push(addAddresses(ipAddresses.some));
    if (ipAddresses.none !== undefined) forbidden.push(addAddresses(ipAddresses.none));
    return { required, forbidden };
  }

  function addName(kind: 'subject' | 'issuer' | 'sentIssuer' | 'clientCa', pattern: NamePattern): Trait {
    const trait = numbers.of(`${kind} ${[pattern.cn, pattern.o, pattern.ou].map(toQuestion).join('\n')}`);
    values[kind].add(pattern, trait);
    return trait;
  }

  function addExpression(expression: RegExp): Trait {
    const trait = numbers.of(`names ${expression}`);
    values.dns.addExpression(expression, trait);
    return trait;
  }

  function addAddresses(addresses: readonly string[]): Trait {
    const trait = numbers.of(`addresses ${addresses.join(' ')}`);
    for (const address of addresses) values.address.add(address, trait);
    return trait;
  }

  // One set of marks for all calls, none of which is left half-way: a call's own generation tells its marks apart.
  const marks = new Int32Array(numbers.count);
  let generation = 0;
  const waiting: Indexed<T>[] = [];

  const mark = (trait: Trait): void => {
    if (marks[trait] === generation) return;
    marks[trait] = generation;
    const indexed = triggered[trait];
    if (indexed !== undefined) for (let at = 0; at < indexed.length; at++) waiting.push(indexed[at] as Indexed<T>);
  };
  const markAll = (traits: readonly Trait[]): void => {
    for (let at = 0; at < traits.length; at++) mark(traits[at] as Trait);
  };

  function holds({ required, forbidden, tests }: Indexed<T>, facts: Facts): boolean {
    for (const trait of required) if (marks[trait] !== generation) return false;
    for (const trait of forbidden) if (marks[trait] === generation) return false;
    for (const test of tests) if (!test(facts)) return false;
    return true;
  }

  return (facts) => {
    // Past the last generation that a mark can hold, all marks are taken away.
    if (++generation > LAST_GENERATION) {
      marks.fill(0);
      generation = 1;
    }
    const found: T[] = [];
    waiting.length = 0;
    const { leaf, version, issuers, clientCas } = facts;
    if (version?.kind === 'version') markAll(values.version.of(version.version.raw));
    for (const { subject } of issuers) if (subject !== undefined) values.sentIssuer.forEach(subject, mark);
    if (clientCas !== undefined) for (const name of clientCas) values.clientCa.forEach(name, mark);
    if (leaf !== undefined) {
      if (leaf.subject !== undefined) values.subject.forEach(leaf.subject, mark);
      if (leaf.issuer !== undefined) values.issuer.forEach(leaf.issuer, mark);
      for (const name of leaf.dnsNames) markAll(values.dns.of(name));
      for (const address of leaf.ipAddresses) markAll(values.address.of(address));
    }
    for (const indexed of waiting) if (holds(indexed, facts)) found.push(indexed.value);
    for (const indexed of withoutTraits) if (holds(indexed, facts)) found.push(indexed.value);
    return found;
  };
}

function rarity(name: string): number {
  return COMMON_NAMES.includes(name) ? 1 : 0;
}

function toQuestion(pattern: string | RegExp | null | undefined): string {
  if (typeof pattern === 'string') return JSON.stringify(pattern);
  return String(pattern);
}
