import { CONFIDENCES, type Component } from '@kubecensus/shared/vocabulary';
import type { Distribution, MarkKind, Signal } from '../distributions/define-distribution.ts';
import { type Conditional, type ConditionIndex, indexConditions } from './condition-index.ts';
import { createHolding, type Holding } from './holding.ts';

/** One declared signal, ready to be asked. */
export interface Rule {
  /** `distribution/name`. */
  readonly id: string;
  readonly distribution: string;
  readonly kind: MarkKind;
  /** 0: a weak mark, 1: low, 2: medium, 3: high, 4: certain. */
  readonly strength: number;
}

/** Distributions made ready to be asked; built once, shared by all calls. */
export interface Rulebook {
  readonly distributions: ReadonlyMap<string, Distribution>;
  /** All that a distribution is built on, at any depth; not itself. */
  readonly foundations: ReadonlyMap<string, ReadonlySet<string>>;
  readonly rules: ReadonlyMap<Component, ConditionIndex<Rule>>;
  /** What was decided before; the beginning of every set of rules that held. */
  readonly nothingHeld: Holding;
}

const DEFAULT_COMPONENTS: readonly Component[] = ['kube-apiserver', 'kube-apiserver-insecure'];

/** `without` leaves one rule out, so that a test can show what it is there for. */
export function createRulebook(distributions: readonly Distribution[], without?: string): Rulebook {
  const byName = new Map(distributions.map((distribution) => [distribution.name, distribution]));
  const declared = new Map<Component, Conditional<Rule>[]>();
  for (const distribution of distributions) {
    for (const signal of distribution.signals) {
      const rule = toRule(distribution, signal);
      if (rule.id === without) continue;
      for (const component of signal.components ?? DEFAULT_COMPONENTS) {
        const rules = declared.get(component) ?? [];
        declared.set(component, rules);
        rules.push({ when: signal.when, value: rule });
      }
    }
  }
  const rules = new Map([...declared].map(([component, conditionals]) => [component, indexConditions(conditionals)]));
  const foundations = new Map(distributions.map(({ name }) => [name, foundationsOf(name, byName)]));
  return { distributions: byName, foundations, rules, nothingHeld: createHolding() };
}

function toRule(distribution: Distribution, signal: Signal): Rule {
  return {
    id: `${distribution.name}/${signal.name}`,
    distribution: distribution.name,
    kind: signal.kind,
    strength: signal.kind === 'weak' ? 0 : CONFIDENCES.length - CONFIDENCES.indexOf(signal.confidence),
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
