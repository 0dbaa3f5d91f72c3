import { expect, it } from 'vitest';
import { defineDistribution, endingIn, type Signal } from './define-distribution.ts';

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
  [
    'names of anybody above medium',
    [{ ...signal, kind: 'names', when: { dnsNames: { some: /^x$/ } } }],
    /example\/mark rests on names/,
  ],
  ['a rule without a condition', [{ ...signal, when: {} }], /example\/mark has no condition/],
  [
    'an expression that remembers',
    [{ ...signal, when: { gitVersion: /x/g } }],
    /example\/mark has an expression with flags "g"/,
  ],
])('%s is refused when it is declared', (_, signals, message) => {
  expect(() => defineDistribution({ ...distribution, signals })).toThrow(message);
});

it('names in the domain of the maker may be worth more', () => {
  const named: Signal = {
    ...signal,
    kind: 'names',
    ownDomain: 'example.org',
    when: { dnsNames: { some: /\.example\.org$/ } },
  };
  expect(defineDistribution({ ...distribution, signals: [named] }).signals).toEqual([named]);
});

it.each([
  ['v1.2.3+x1', true],
  ['v1.2.3-rc.1+x1', true],
  ['v1.2.3-rc1+x1-dirty', true],
  ['v1.2.3+y1+x1', false],
  ['v1.2.3-y.1+x1', false],
  ['v1.2.3+x1+y1', false],
  ['v2.2.3+x1', false],
])('%s ends in a suffix, and holds no other: %s', (gitVersion, holds) => {
  expect(endingIn(/\+x\d/).test(gitVersion)).toBe(holds);
});

it('a name that is no identity is refused when it is declared', () => {
  expect(() => defineDistribution({ ...distribution, name: 'Bad Name', signals: [] })).toThrow(/"Bad Name"/);
});

it('a sound declaration is taken as it is, and frozen', () => {
  const defined = defineDistribution({ ...distribution, signals: [signal] });
  expect(defined.signals).toEqual([signal]);
  expect(Object.isFrozen(defined)).toBe(true);
});
