import { expect, it, vi } from 'vitest';
import { spawnLab } from '../services/lab/src/index.ts';
import { parseAddress, parseRange } from '../shared/src/addresses/index.ts';
import { openFlow } from './support/flow.ts';

const PATIENCE = { timeout: 50_000, interval: 50 };
/** Within so long an exclusion holds, wherever a prober is. */
const HOLDS_MS = 5_000;

/** The upper half of an IPv4 block. */
function upperHalf(block: string): { first: number; last: number } {
  const range = parseRange(block);
  if (range.family !== 4) throw new RangeError(`${block} is no block of IPv4`);
  return { first: range.first + (range.last - range.first + 1) / 2, last: range.last };
}

it('hosts that are excluded in mid-scan receive no byte five seconds later, and the others all of theirs', async () => {
  const lab = await spawnLab({ hosts: 60, seed: 7, record: true });
  const flow = await openFlow();
  try {
    const { first, last } = upperHalf(lab.targets.ranges[0] ?? '');
    const isExcluded = (address: string) => {
      const { value } = parseAddress(address);
      return value >= first && value <= last;
    };
    // Six seconds for the lower half alone, so that the scan goes on when the exclusion must hold.
    const scanId = await flow.plan({ ...lab.targets, rate: 260, probers: 1 });
    flow.forkProber();
    const hellos = async () => (await lab.recorded()).filter(({ first: bytes }) => bytes.startsWith('1603'));
    await vi.waitFor(async () => {
      expect((await hellos()).some(({ address }) => isExcluded(address))).toBe(true);
    }, PATIENCE);
    await flow.database.pool().query(
      `INSERT INTO exclusions (first_address, last_address, reason)
         VALUES ('0.0.0.0'::inet + $1::bigint, '0.0.0.0'::inet + $2::bigint, 'asked for')`,
      [first, last],
    );
    const since = Date.now();
    await vi.waitFor(async () => expect((await flow.progress(scanId)).state).toBe('completed'), PATIENCE);

    const arrivals = await lab.recorded();
    const late = arrivals.filter(({ at }) => at > since + HOLDS_MS);
    expect(late.filter(({ address }) => isExcluded(address))).toEqual([]);
    expect(late.length).toBeGreaterThan(0);
    const asked = new Set(arrivals.map(({ address, port }) => `${address}:${port}`));
    const there = (await lab.truth(1)).filter(({ address }) => !isExcluded(address));
    expect(there.filter(({ address, port }) => !asked.has(`${address}:${port}`))).toEqual([]);
    const { outcomes, targetCount, lookedAt } = await flow.progress(scanId);
    expect(outcomes.excluded).toBeGreaterThan(targetCount / 4);
    expect(lookedAt).toBe(targetCount);
  } finally {
    await flow.close();
    await lab.close();
  }
  expect(flow.errors).toEqual([]);
});
