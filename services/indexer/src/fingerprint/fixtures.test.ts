import { describe, expect, it } from 'vitest';
import { DISTRIBUTIONS } from '../distributions/index.ts';
import { UNKNOWN } from './decide.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';
import { createRulebook, type Rulebook } from './rulebook.ts';
import { readFixtures } from './testing/read-fixtures.ts';

const fixtures = readFixtures();
const rulebook = createRulebook(DISTRIBUTIONS);

it.each(fixtures)('$name gets its verdict', ({ facts, verdict }) => {
  expect(fingerprint(facts)).toMatchObject({ rules: [], ...verdict });
});

it('every fixture stands in the folder of its label', () => {
  expect(fixtures.filter(({ name, label }) => !name.startsWith(`${label}/`)).map(({ name }) => name)).toEqual([]);
});

it('no verdict is wrong where it says "certain"', () => {
  const certain = fixtures.filter(({ facts }) => fingerprint(facts).confidence === 'certain');
  expect(certain.length).toBeGreaterThan(15);
  const wrong = certain.filter(({ facts, label }) => fingerprint(facts).distribution !== label);
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

it('at least 95 % of recorded API server certificates get their distribution or its family', () => {
  const recorded = fixtures.filter(
    ({ facts, label, origin, name }) =>
      origin.kind === 'recorded' && name.includes('/certificate-') && facts.leaf !== undefined && label !== UNKNOWN,
  );
  const right = recorded.filter(({ facts, label }) => isOfFamily(fingerprint(facts).distribution, label));
  expect(recorded.length).toBeGreaterThan(45);
  expect(right.length / recorded.length).toBeGreaterThanOrEqual(0.95);
});

function isOfFamily(verdict: string, label: string): boolean {
  const { foundations } = rulebook;
  return verdict === label || foundations.get(label)?.has(verdict) === true;
}

describe('a rule is there for a reason:', () => {
  const rules = DISTRIBUTIONS.flatMap(({ name, signals }) =>
    signals.map((signal) => ({ id: `${name}/${signal.name}`, isWeak: signal.kind === 'weak' })),
  );

  it.each(rules)('without $id a fixture gets another verdict', ({ id, isWeak }) => {
    const without = createRulebook(DISTRIBUTIONS, id);
    expect(fixtures.some(({ facts }) => differs(fingerprint(facts), fingerprint(facts, without), isWeak))).toBe(true);
  });
});

/** A weak mark never decides: it shows in what the facts could be. */
function differs(a: Fingerprint, b: Fingerprint, isWeak: boolean): boolean {
  if (a.distribution !== b.distribution || a.confidence !== b.confidence) return true;
  return isWeak && a.couldBe.join() !== b.couldBe.join();
}

it('a rule that is left out changes nothing else', () => {
  const without: Rulebook = createRulebook(DISTRIBUTIONS, 'no-such/rule');
  for (const { facts } of fixtures) expect(fingerprint(facts, without)).toEqual(fingerprint(facts));
});
