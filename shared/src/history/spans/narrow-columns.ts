import { setImmediate as breathe } from 'node:timers/promises';
import type { AspectName } from './aspects.ts';
import { gatherColumns, widen } from './numbers.ts';
import type { Divisible, Segment, Unit } from './segments.ts';

/** What most questions read. Certificates' dates, clusters and addresses are too many: with them hardly two rows are alike. */
export const NARROW_ASPECTS = ['profile', 'place', 'beginning', 'folding'] as const satisfies readonly AspectName[];

/** Rows after which others have their turn. */
const BREATH = 262_144;
/** Chains of rows in the table of those that were met. */
const CHAINS = 1 << 21;

/**
 * Intervals that are alike in what most questions read, as one row with the number of endpoints, hosts and clusters that
 * it stands for: of 5.7 million 2.9 million are left.
 * @param counted of each interval 1 where a host, or a cluster, is counted by it
 */
export async function createNarrow(
  columns: Divisible,
  counted: Readonly<Record<'host' | 'cluster', Uint8Array>>,
): Promise<Readonly<Record<Unit, Segment>>> {
  const { first, last, length } = columns;
  const { profile, place, beginning, folding } = columns.aspects;
  // Numbers are kept plus one: 0 is none.
  const heads = new Int32Array(CHAINS);
  const next = new Int32Array(length);
  const examples = new Uint32Array(length);
  let weights = { endpoint: new Int32Array(CHAINS), host: new Int32Array(CHAINS), cluster: new Int32Array(CHAINS) };
  let size = 0;
  for (let row = 0; row < length; row += 1) {
    if (row % BREATH === 0) await breathe();
    const one = Math.imul((profile[row] as number) ^ ((place[row] as number) << 16), 0x9e3779b1);
    const other = Math.imul(
      ((first[row] as number) << 16) ^ (last[row] as number) ^ ((beginning[row] as number) << 8),
      0x85ebca6b,
    );
    const mixed = Math.imul(one ^ (one >>> 15) ^ other, 0xc2b2ae35);
    const chain = (mixed ^ (mixed >>> 13)) & (CHAINS - 1);
    let number = heads[chain] as number;
    while (number !== 0 && !isAlike(examples[number - 1] as number, row)) number = next[number - 1] as number;
    if (number === 0) {
      examples[size] = row;
      next[size] = heads[chain] as number;
      size += 1;
      number = size;
      if (size > weights.endpoint.length) {
        const { endpoint, host, cluster } = weights;
        weights = { endpoint: widen(endpoint, size), host: widen(host, size), cluster: widen(cluster, size) };
      }
      heads[chain] = number;
    }
    (weights.endpoint[number - 1] as number) += 1;
    (weights.host[number - 1] as number) += counted.host[row] as number;
    (weights.cluster[number - 1] as number) += counted.cluster[row] as number;
  }
  const narrow = gatherColumns(columns, examples.subarray(0, size), NARROW_ASPECTS, false);
  const toSegment = (of: Int32Array): Segment => ({ columns: narrow, weights: of.slice(0, size) });
  return {
    endpoint: toSegment(weights.endpoint),
    host: toSegment(weights.host),
    cluster: toSegment(weights.cluster),
  };

  function isAlike(a: number, b: number): boolean {
    return (
      profile[a] === profile[b] &&
      place[a] === place[b] &&
      first[a] === first[b] &&
      last[a] === last[b] &&
      beginning[a] === beginning[b] &&
      folding[a] === folding[b]
    );
  }
}
