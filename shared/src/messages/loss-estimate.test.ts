import { expect, it } from 'vitest';
import { estimateLoss } from './loss-estimate.ts';
import { emptyShardSummary } from './shard-summary.ts';

/** A scan over `targets` that all answer, each packet lost with chance `loss`, SYNs after 0, 1, 2 and 3 seconds. */
function simulate(targets: number, loss: number) {
  let state = 12_345;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const connects = { first: 0, second: 0, later: 0 };
  let lost = 0;
  for (let target = 0; target < targets; target += 1) {
    let tries = 1;
    while (tries <= 4 && (random() < loss || random() < loss)) tries += 1;
    if (tries === 1) connects.first += 1;
    else if (tries === 2) connects.second += 1;
    else if (tries <= 4) connects.later += 1;
    else lost += 1;
  }
  return { connects, lost };
}

it.each([0.02, 0.1, 0.3])('a loss of %s of all packets is estimated within a tenth', (loss) => {
  const { connects, lost } = simulate(50_000, loss);
  const estimate = estimateLoss({ ...emptyShardSummary(), connects });
  expect(Math.abs((estimate?.perPacket ?? 0) / loss - 1)).toBeLessThan(0.1);
  expect(Math.abs((estimate?.ofTargets ?? 0) - lost / 50_000)).toBeLessThan(0.02);
});

it('without loss there is none', () => {
  expect(estimateLoss({ ...emptyShardSummary(), connects: { first: 100, second: 0, later: 0 } })).toMatchObject({
    perTry: 0,
    perPacket: 0,
    ofTargets: 0,
  });
});

it('too few connects say nothing', () => {
  expect(estimateLoss({ ...emptyShardSummary(), connects: { first: 99, second: 9, later: 0 } })).toBeUndefined();
  expect(estimateLoss({ ...emptyShardSummary(), connects: { first: 100, second: 9, later: 0 } })?.perTry).toBe(0.09);
});

it('bursts, which retransmits hardly show, are bounded by the second dial of what had answered', () => {
  const connects = { first: 10_000, second: 10, later: 0 };
  expect(estimateLoss({ connects, lossSample: { dialled: 1000, lost: 30 } })?.ofTargets).toBe(0.03);
  expect(estimateLoss({ connects, lossSample: { dialled: 99, lost: 30 } })?.ofTargets).toBeCloseTo(1e-12);
});
