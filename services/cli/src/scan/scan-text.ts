import type { ScanProgress } from '@kubecensus/seeder';
import type { Publishing } from '../runtime/await-publication.ts';

export function toResult(last: ScanProgress, resumed: boolean) {
  return {
    scan: last.scanId,
    resumed,
    completed: last.state === 'completed',
    state: last.state,
    targets: last.targetCount,
    lookedAt: last.lookedAt,
    outcomes: last.outcomes,
    startedAt: last.startedAt,
    completedAt: last.completedAt ?? null,
  };
}

export function toResultText({ scanId, state, lookedAt, targetCount, outcomes }: ScanProgress): string {
  const lines = Object.entries(outcomes)
    .sort(([, a], [, b]) => b - a)
    .map(([outcome, count]) => `  ${outcome.padEnd(20)} ${count}\n`)
    .join('');
  const tail =
    state === 'completed'
      ? 'kubecensus count shows what they are\n'
      : `not complete: start the same command again to go on, or kubecensus scan --resume ${scanId}\n`;
  return `scan ${scanId}: ${lookedAt} of ${targetCount} targets looked at\n${lines}${tail}`;
}

/** What became of the census that a scan closed, in a line for a person. */
export function toPublishingText({ census: { censusNumber, series }, isPublished }: Publishing): string {
  return isPublished
    ? `census ${censusNumber} of series ${series} is published: kubecensus trend and diff show what changed`
    : `census ${censusNumber} of series ${series} is not published yet; that comes by itself while kubecensus runs, or by kubecensus history rebuild`;
}
