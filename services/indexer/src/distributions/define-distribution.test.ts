import { expect, it } from 'vitest';
import { defineDistribution, type Signal } from './define-distribution.ts';

const signal: Signal = {
  name: 'mark',
  kind: 'version',
  confidence: 'high',
  source: 'a test',
  when: { gitVersion: /x$/ },
};
const distribution = { name: 'example', title: 'Example', versions: 'any' } as const;

it.each<[string, readonly Signal[], RegExp]>([
  ['two rules of one name', [signal, signal], /example\/mark is declared twice/],
  ['an unverified rule above low', [{ ...signal, source: 'unverified: a guess' }], /example\/mark is unverified/],
  ['a weak mark above low', [{ ...signal, kind: 'weak' }], /example\/mark is a weak mark/],
  ['a rule without a condition', [{ ...signal, when: {} }], /example\/mark has no condition/],
  [
    'an expression that remembers',
    [{ ...signal, when: { gitVersion: /x/g } }],
    /example\/mark has an expression with flags "g"/,
  ],
])('%s is refused when it is declared', (_, signals, message) => {
  expect(() => defineDistribution({ ...distribution, signals })).toThrow(message);
});

it('a name that is no identity is refused when it is declared', () => {
  expect(() => defineDistribution({ ...distribution, name: 'Bad Name', signals: [] })).toThrow(/"Bad Name"/);
});

it('a sound declaration is taken as it is, and frozen', () => {
  const defined = defineDistribution({ ...distribution, signals: [signal] });
  expect(defined.signals).toEqual([signal]);
  expect(Object.isFrozen(defined)).toBe(true);
});
