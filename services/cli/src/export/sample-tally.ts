import { ESTIMATE_METHOD, type Estimate, type ExportPage, estimate, type Population } from '@kubecensus/api';
import { toSafeText } from '../output/safe-text.ts';
import { toTable } from '../output/table.ts';

/** What the whole is estimated by. */
const DIMENSIONS = ['distribution', 'minor', 'exposure'] as const;
type Dimension = (typeof DIMENSIONS)[number];

/** What a sample says of the whole. */
export interface SampleEstimates {
  of: Population;
  share: number;
  seed: number;
  /** Endpoints that meet the query: every one was met, and some were taken. */
  total: number;
  sampled: number;
  method: string;
  by: { dimension: Dimension; value: string; estimate: Estimate }[];
}

/** Counts a sample while it is written. */
export class SampleTally {
  readonly #share: number;
  readonly #seed: number;
  readonly #counts = new Map<string, number>();
  #of: Population | undefined;
  #total = 0;
  #sampled = 0;

  constructor(share: number, seed: number) {
    this.#share = share;
    this.#seed = seed;
  }

  add({ of, rows, met }: ExportPage): void {
    this.#of = of;
    this.#total += met;
    this.#sampled += rows.length;
    for (const { found } of rows) {
      for (const dimension of DIMENSIONS) {
        const key = JSON.stringify([dimension, found[dimension] ?? 'not told']);
        this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
      }
    }
  }

  estimates(): SampleEstimates | undefined {
    if (this.#of === undefined) return undefined;
    const by = [...this.#counts]
      .map(([key, counted]) => {
        const [dimension, value] = JSON.parse(key) as [Dimension, string];
        return { dimension, value, estimate: estimate(counted, this.#sampled, this.#total) };
      })
      .sort(
        (a, b) =>
          DIMENSIONS.indexOf(a.dimension) - DIMENSIONS.indexOf(b.dimension) || b.estimate.counted - a.estimate.counted,
      );
    const [share, seed, total, sampled] = [this.#share, this.#seed, this.#total, this.#sampled];
    return { of: this.#of, share, seed, total, sampled, method: ESTIMATE_METHOD, by };
  }
}

/** For a person. */
export function toEstimatesText({ total, sampled, seed, method, by }: SampleEstimates): string {
  const table = toTable(by, [
    { title: 'dimension', value: ({ dimension }) => dimension },
    { title: 'value', value: ({ value }) => toSafeText(value) },
    { title: 'in the sample', value: (row) => row.estimate.counted, align: 'right' },
    { title: 'in all, about', value: (row) => row.estimate.count, align: 'right' },
    { title: 'from', value: (row) => row.estimate.low, align: 'right' },
    { title: 'to', value: (row) => row.estimate.high, align: 'right' },
  ]);
  return `${sampled} of ${total} endpoints, seed ${seed}\n${table}\n${method}\n`;
}
