import type { ScanEstimate } from '@kubecensus/seeder';
import { toDuration } from '../output/progress.ts';
import { toRateText } from './rate-text.ts';

export function toEstimate({ leftOut, ceiling, ...estimate }: ScanEstimate) {
  return {
    ...estimate,
    ceiling: ceiling ?? null,
    leftOut: leftOut.isEmpty ? null : leftOut.summary(),
    exclusionsTakenOut: false,
  };
}

/** What a person decides by, before anything is sent. */
export function toEstimateText(estimate: ScanEstimate): string {
  const { targets, leftOut, shards, rate, prefixes, mostInOnePrefix, ceiling, seconds } = estimate;
  const number = (value: number) => value.toLocaleString('en');
  const cap =
    ceiling === undefined
      ? 'none: a scan without a cap per prefix'
      : `${number(ceiling)} connects per second by the cap per prefix${ceiling < rate ? ', and that is below the rate' : ''}`;
  const lines: [string, string][] = [
    ['targets', number(targets)],
    ...(leftOut.isEmpty ? [] : [['left out', `${leftOut.summary()}, as no scan may look there`] as [string, string]]),
    ['shards', number(shards)],
    ['rate', `${toRateText(estimate)}, all probers together`],
    ['prefixes', `${number(prefixes)} of /24 or /48, at most ${number(mostInOnePrefix)} targets in one`],
    ['ceiling', cap],
    ['time', `${toDuration(seconds)}, without revisits and second connections`],
  ];
  const text = lines.map(([name, value]) => `${name.padEnd(9)} ${value}\n`).join('');
  return `${text}Nothing was sent and no store was opened, so exclusions are not taken out of this yet.\n`;
}
