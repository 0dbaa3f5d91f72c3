import { CONFIDENCES, type Component } from '@kubecensus/shared/vocabulary';
import type { Distribution, MarkKind, Signal } from '../distributions/define-distribution.ts';
import { compileCondition, type Test, toLiteral } from './conditions.ts';

/** One declared signal, ready to be asked. */
export interface Rule {
  /** `distribution/name`. */
  readonly id: string;
  readonly distribution: string;
  readonly kind: MarkKind;
  /** 0: a weak mark, 1: low, 2: medium, 3: high, 4: certain. */
  readonly strength: number;
  readonly holds: Test;
}

/**
 * The rules of one component, laid out so that most are never asked: a rule for one subject is found by it, and what
 * looks at the version alone is asked once for each version.
 */
export interface ComponentRules {
  readonly ofVersion: Rule[];
  readonly bySubject: Map<string, Rule[]>;
  readonly byIssuer: Map<string, Rule[]>;
  readonly ofClientCas: Rule[];
  /** By a name that no other cluster's certificate has to have. */
  readonly byName: Map<string, Rule[]>;
  readonly byAddress: Map<string, Rule[]>;
  /** Of names in which one of `literals` stands. */
  readonly ofLiterals: Rule[];
  /** One look for all of them. */
  literals: RegExp;
  readonly ofRest: Rule[];
}

/** Distributions made ready to be asked; built once, shared by all calls. */
export interface Rulebook {
  readonly distributions: ReadonlyMap<string, Distribution>;
  /** All that a distribution is built on, at any depth; not itself. */
  readonly foundations: ReadonlyMap<string, ReadonlySet<string>>;
  readonly rules: ReadonlyMap<Component, ComponentRules>;
  /** What was found for versions seen before; see `recall`. */
  readonly memory: Map<string, unknown>;
}

/** Entries of a rulebook's memory. Servers say some thousand different versions; strangers may say any number. */
const MAX_MEMORY = 20_000;

/** The value of a pure function of the key, found once. The memory is emptied when it is full. */
export function recall<T>({ memory }: Rulebook, key: string, find: () => T): T {
  const known = memory.get(key);
  if (known !== undefined) return known as T;
  const value = find();
  if (memory.size >= MAX_MEMORY) memory.clear();
  memory.set(key, value);
  return value;
}

const DEFAULT_COMPONENTS: readonly Component[] = ['kube-apiserver', 'kube-apiserver-insecure'];

/** `without` leaves one rule out, so that a test can show what it is there for. */
export function createRulebook(distributions: readonly Distribution[], without?: string): Rulebook {
  const byName = new Map(distributions.map((distribution) => [distribution.name, distribution]));
  const rules = new Map<Component, ComponentRules>();
  for (const distribution of distributions) {
    for (const signal of distribution.signals) {
      const rule = toRule(distribution, signal);
      if (rule.id === without) continue;
      for (const component of signal.components ?? DEFAULT_COMPONENTS) {
        const lists = rules.get(component) ?? createComponentRules();
        rules.set(component, lists);
        for (const list of toLists(lists, signal)) list.push(rule);
      }
    }
  }
  const foundations = new Map(distributions.map(({ name }) => [name, foundationsOf(name, byName)]));
  return { distributions: byName, foundations, rules, memory: new Map() };
}

function createComponentRules(): ComponentRules {
  return {
    ofVersion: [],
    bySubject: new Map(),
    byIssuer: new Map(),
    ofClientCas: [],
    byName: new Map(),
    byAddress: new Map(),
    ofLiterals: [],
    literals: NEVER,
    ofRest: [],
  };
}

const NEVER = /(?!)/;

/** Names that the certificate of any API server has. */
const COMMON_NAMES: ReadonlySet<string> = new Set([
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
]);

/** Lists that a rule stands in; it can hold only where one of them is asked. */
function toLists(lists: ComponentRules, { when }: Signal): Rule[][] {
  if (Object.keys(when).join() === 'gitVersion') return [lists.ofVersion];
  if (typeof when.subject?.cn === 'string') return [toListOf(lists.bySubject, when.subject.cn)];
  if (typeof when.issuer?.cn === 'string') return [toListOf(lists.byIssuer, when.issuer.cn)];
  if (when.clientCas !== undefined) return [lists.ofClientCas];
  const { dnsNames, ipAddresses } = when;
  const own = dnsNames?.every?.find((name) => !COMMON_NAMES.has(name));
  if (own !== undefined) return [toListOf(lists.byName, own)];
  const literal = dnsNames?.some === undefined ? '' : toLiteral(dnsNames.some);
  if (literal !== '') {
    const escaped = literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    lists.literals = new RegExp(lists.literals === NEVER ? escaped : `${lists.literals.source}|${escaped}`);
    return [lists.ofLiterals];
  }
  const addresses = ipAddresses?.every?.slice(0, 1) ?? ipAddresses?.some;
  if (addresses !== undefined) return addresses.map((address) => toListOf(lists.byAddress, address));
  return [lists.ofRest];
}

function toListOf(lists: Map<string, Rule[]>, key: string): Rule[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function toRule(distribution: Distribution, signal: Signal): Rule {
  return {
    id: `${distribution.name}/${signal.name}`,
    distribution: distribution.name,
    kind: signal.kind,
    strength: signal.kind === 'weak' ? 0 : CONFIDENCES.length - CONFIDENCES.indexOf(signal.confidence),
    holds: compileCondition(signal.when),
  };
}

function foundationsOf(name: string, byName: ReadonlyMap<string, Distribution>): Set<string> {
  const found = new Set<string>();
  const waiting = [...(byName.get(name)?.builtOn ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next) || next === name) continue;
    found.add(next);
    waiting.push(...(byName.get(next)?.builtOn ?? []));
  }
  return found;
}
