import { expect, it } from 'vitest';
import { createRandom } from '../../../../test/support/recorded-history.ts';
import { createSample, estimate, parseShare } from './sample.ts';

const population = Array.from({ length: 20_000 }, (_, at) => ({
  address: `198.51.${Math.floor(at / 250)}.${at % 250}`,
  port: 6443,
  component: 'kube-apiserver',
}));

it('a seed takes the same endpoints each time, about the share that was asked for, and another seed others', () => {
  const taken = (seed: number) => population.filter(createSample(0.01, seed)).map(({ address }) => address);
  expect(taken(7)).toEqual(taken(7));
  expect(taken(8)).not.toEqual(taken(7));
  for (const seed of [1, 2, 3]) expect(Math.abs(taken(seed).length - 200)).toBeLessThan(60);
  expect(population.filter(createSample(1, 3))).toHaveLength(population.length);
});

/** How often the interval holds the truth, over samples by consecutive seeds. */
function coverageOf(share: number, sample: number): number {
  const random = createRandom(Math.round(share * 1000) + Math.round(sample * 7));
  const marked = population.map(() => random() < share);
  const truth = marked.filter(Boolean).length;
  const rounds = 400;
  let held = 0;
  for (let seed = 0; seed < rounds; seed += 1) {
    let [counted, sampled] = [0, 0];
    const isTaken = createRandom(seed * 31 + 5);
    for (const has of marked) {
      if (isTaken() >= sample) continue;
      sampled += 1;
      if (has) counted += 1;
    }
    const { low, high } = estimate(counted, sampled, population.length);
    if (low <= truth && truth <= high) held += 1;
  }
  return held / rounds;
}

it.each([
  [0.5, 0.01],
  [0.2, 0.01],
  [0.05, 0.01],
  [0.02, 0.02],
  [0.3, 0.1],
  [0.01, 0.3],
])(
  'of a share of %f in samples of %f the interval holds the truth in 92 of 100 samples or more, and not in all',
  (share, sample) => {
    const coverage = coverageOf(share, sample);
    expect(coverage).toBeGreaterThanOrEqual(0.92);
    expect(coverage).toBeLessThan(1);
  },
);

it('an estimate never leaves what the sample itself proves, and of the whole it is exact', () => {
  expect(estimate(5, 100, 100)).toEqual({ counted: 5, count: 5, low: 5, high: 5 });
  expect(estimate(0, 0, 50)).toEqual({ counted: 0, count: 0, low: 0, high: 50 });
  expect(estimate(0, 40, 4000).low).toBe(0);
  expect(estimate(0, 40, 4000).high).toBeGreaterThan(100);
  expect(estimate(40, 40, 4000)).toMatchObject({ high: 4000 });
  for (const total of [2, 3, 10]) {
    for (let counted = 0; counted <= total - 1; counted += 1) {
      const { low, high } = estimate(counted, total - 1, total);
      expect(low).toBeGreaterThanOrEqual(counted);
      expect(high).toBeLessThanOrEqual(counted + 1);
    }
  }
});

it.each([
  ['1%', 0.01],
  ['100%', 1],
  ['0.25%', 0.0025],
  ['.5', 0.5],
  ['0.01', 0.01],
])('%s is the share %f', (text, share) => {
  expect(parseShare(text)).toBeCloseTo(share, 12);
});

it.each(['0', '0%', '101%', '-1%', '2', 'a', '', '1e-3', '10 %%'])('%s is no share', (text) => {
  expect(() => parseShare(text)).toThrow(expect.objectContaining({ code: 'EXPORT_SAMPLE_INVALID' }));
});
