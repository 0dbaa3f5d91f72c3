import { createReadStream, rmSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { KUBECENSUS_COMMAND } from '../../measure/kubecensus-command.ts';
import { type CountedRun, runCounted } from '../../measure/run-counted.ts';
import type { TargetList } from './target-list.ts';

/** A program that looks at a list of targets, to have its CPU counted. */
export interface Subject {
  /** As the figures name it. */
  readonly name: string;
  readonly program: string;
  readonly words: (list: TargetList) => readonly string[];
  /** Targets come on standard input, `address:port` a line; otherwise `words` name the file. */
  readonly readsTargets: boolean;
  /** How many of the targets its output shows to be seen. */
  readonly countSeen: (stdout: Readable) => Promise<number>;
}

/** Sockets at a time, of every subject that lets itself be told. */
export const SOCKETS = 1000;
/** Connects per second: more than any subject reaches, so that none is held back. */
const UNBOUNDED_RATE = 1_000_000;

/** The command as a user calls it. A line counts as seen when it holds `mark`. */
export function kubecensusProbe(mark: string, options: readonly string[] = []): Subject {
  return {
    name: 'kubecensus probe',
    program: process.execPath,
    words: () => [
      KUBECENSUS_COMMAND,
      'probe',
      '--rate',
      String(UNBOUNDED_RATE),
      '--concurrency',
      String(SOCKETS),
      ...options,
      '-',
    ],
    readsTargets: true,
    countSeen: (stdout) => countLines(stdout, mark),
  };
}

/** Runs a subject over a list. @throws Error where it fails, or sees less than the list's least */
export async function runSubject(subject: Subject, list: TargetList, signal: AbortSignal): Promise<CountedRun> {
  // Counted afterwards: a reader at work beside it takes cores and caches from what is measured.
  const output = `${list.file}.out`;
  const run = await runCounted(subject.program, subject.words(list), {
    signal,
    ...(subject.readsTargets && { stdin: list.file }),
    stdout: output,
  });
  const count = await subject.countSeen(createReadStream(output));
  rmSync(output);
  if (run.exitCode !== 0) throw new Error(`${subject.name} ended with ${run.exitCode}`);
  if (count < list.leastSeen) throw new Error(`${subject.name} saw ${count} of ${list.size}, and its CPU says nothing`);
  return run;
}

/** Lines of an output that hold `mark`. */
export async function countLines(stdout: Readable, mark: string): Promise<number> {
  let count = 0;
  let rest = '';
  for await (const text of stdout.setEncoding('latin1') as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.includes(mark)) count += 1;
  }
  return count;
}
