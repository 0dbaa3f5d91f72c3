import type { KubecensusError } from '@kubecensus/shared/errors';
import { toSafeLines } from '../output/safe-text.ts';

/** A list of a million lines may be wrong in each of them. */
const MAX_TOLD = 20;

export type SkippedLines = {
  note(problem: KubecensusError): void;
  count(): number;
  /** Says how many there were, where there were any. */
  tellCount(): void;
};

/** Tells a person of the first lines that were left out, and in the end of all of them by their number. */
export function createSkippedLines(say: (line: string) => void): SkippedLines {
  let count = 0;
  return {
    note(problem) {
      count += 1;
      if (count <= MAX_TOLD) say(`skipped ${toSafeLines(problem.message)} (${problem.code})`);
      if (count === MAX_TOLD) say('further lines that are skipped are only counted');
    },
    count: () => count,
    tellCount() {
      if (count > 0) say(`lines skipped: ${count}`);
    },
  };
}
