import { median } from '../../measure/median.ts';
import { runSubject, type Subject } from './subject.ts';
import type { TargetList } from './target-list.ts';

/** A subject and the two lists between which its slope is taken. */
export interface Measured {
  readonly subject: Subject;
  readonly small: TargetList;
  readonly large: TargetList;
}

/** CPU per target in microseconds, of each run and their median. */
export interface Slope {
  readonly name: string;
  readonly runs: readonly number[];
  readonly value: number;
  /** Targets per second of wall-clock time in the larger runs, median. */
  readonly perSecond: number;
}

interface Round {
  readonly cpuPerTarget: number;
  readonly perSecond: number;
}

/**
 * The slope of CPU between two sizes: what starting costs falls out of it. Subjects take turns in each round, so that
 * what else the machine does meets all of them.
 */
export async function measureSlopes(
  measured: readonly Measured[],
  rounds: number,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Slope[]> {
  const seen = new Map<Measured, Round[]>(measured.map((each) => [each, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [{ subject, small, large }, done] of seen) {
      const first = await runSubject(subject, small, signal);
      const second = await runSubject(subject, large, signal);
      const cpuPerTarget = ((second.cpu - first.cpu) / (large.size - small.size)) * 1e6;
      done.push({ cpuPerTarget, perSecond: large.size / second.wall });
      say(`round ${round}: ${subject.name} ${cpuPerTarget.toFixed(1)} µs of CPU per target`);
    }
  }
  return [...seen].map(([{ subject }, done]) => {
    const runs = done.map(({ cpuPerTarget }) => cpuPerTarget);
    return {
      name: subject.name,
      runs,
      value: median(runs),
      perSecond: Math.round(median(done.map(({ perSecond }) => perSecond))),
    };
  });
}
