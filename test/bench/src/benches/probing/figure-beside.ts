import type { Figure } from '../../define-bench.ts';
import type { Slope } from './measure-slopes.ts';

/** Our slope held against another's of the same rounds. */
export function figureBeside(bench: string, ours: Slope, { name, value, runs }: Slope, atMost?: number): Figure {
  return {
    name: `${bench}/beside ${name}`,
    value: ours.value,
    unit: 'µs of CPU per target',
    reference: { name, value },
    ratio: ours.value / value,
    runs: ours.runs,
    ...(atMost !== undefined && { limit: { of: 'ratio', atMost } }),
    note: `reference's runs ${runs.map((run) => run.toFixed(0)).join(', ')}; ${ours.perSecond} targets/s`,
  };
}
