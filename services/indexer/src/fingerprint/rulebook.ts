import type { Component, Confidence } from '@kubecensus/shared/vocabulary';
import type { Distribution, MarkKind, Signal } from '../distributions/define-distribution.ts';
import { compileCondition } from './conditions.ts';
import type { Facts } from './facts.ts';

/** One declared signal, ready to be asked. */
export interface Rule {
  /** `distribution/name`. */
  readonly id: string;
  readonly distribution: string;
  readonly kind: MarkKind;
  readonly confidence: Confidence;
  readonly holds: (facts: Facts) => boolean;
}

/** Distributions made ready to be asked; built once, shared by all calls. */
export interface Rulebook {
  readonly distributions: ReadonlyMap<string, Distribution>;
  /** All that a distribution is built on, at any depth; not itself. */
  readonly foundations: ReadonlyMap<string, ReadonlySet<string>>;
  readonly rules: ReadonlyMap<Component, readonly Rule[]>;
}

const DEFAULT_COMPONENTS: readonly Component[] = ['kube-apiserver', 'kube-apiserver-insecure'];

/** `without` leaves one rule out, so that a test can show what it is there for. */
export function createRulebook(distributions: readonly Distribution[], without?: string): Rulebook {
  const byName = new Map(distributions.map((distribution) => [distribution.name, distribution]));
  const rules = new Map<Component, Rule[]>();
  for (const distribution of distributions) {
    for (const signal of distribution.signals) {
      const rule = toRule(distribution, signal);
      if (rule.id === without) continue;
      for (const component of signal.components ?? DEFAULT_COMPONENTS) {
        const list = rules.get(component) ?? [];
        list.push(rule);
        rules.set(component, list);
      }
    }
  }
  const foundations = new Map(distributions.map(({ name }) => [name, foundationsOf(name, byName)]));
  return { distributions: byName, foundations, rules };
}

function toRule(distribution: Distribution, signal: Signal): Rule {
  return {
    id: `${distribution.name}/${signal.name}`,
    distribution: distribution.name,
    kind: signal.kind,
    confidence: signal.confidence,
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
