import { open } from 'node:fs/promises';
import { KubecensusError } from '../errors/index.ts';
import type { AddressError } from './address-error.ts';
import type { TextInput } from './split-lines.ts';
import { TargetCollector, type TargetSelection } from './target-collector.ts';
import { parseTargetArguments, visitTargetLines } from './target-lines.ts';

/** Problems of one list that are told at once; after that the reading ends. */
const MAX_PROBLEMS = 20;

/** Several wrong lines of a list, each with its place; the message has a line for each. */
export class TargetListError extends KubecensusError {
  readonly problems: readonly AddressError[];

  constructor(problems: readonly AddressError[], more: boolean) {
    const lines = problems.map(({ message }) => message);
    if (more) lines.push(`these are the first ${problems.length} problems; the rest of the list was not read`);
    super('ADDRESS_LIST_WRONG', lines.join('\n'));
    this.problems = problems;
  }
}

/** A file as an input; it is opened when it is read. */
export function fileInput(path: string): TextInput {
  return { name: path, chunks: readFrom(path) };
}

/** What readText decodes at a time. */
const READ_BYTES = 64 * 1024;

/** Each piece holds until the next is asked for: a new one for each would leave the file's length to be collected. */
async function* readFrom(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, READ_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

export interface TargetRequest {
  /** What stands on the command line. */
  readonly values?: readonly string[];
  /** Lists to read one after the other: files, standard input. */
  readonly inputs?: readonly TextInput[];
  readonly overlaps?: 'refuse' | 'merge';
}

/**
 * Reads every target that was asked for, from arguments and lists.
 * @throws AddressError for one problem, TargetListError for several
 */
export async function readTargets(request: TargetRequest): Promise<TargetSelection> {
  const problems: AddressError[] = [];
  const onProblem = (problem: AddressError) => {
    problems.push(problem);
    if (problems.length === MAX_PROBLEMS) throw new TargetListError(problems, true);
  };
  const collector = new TargetCollector({ overlaps: request.overlaps ?? 'refuse' });
  for (const target of parseTargetArguments(request.values ?? [], { onProblem })) collector.add(target);
  for (const input of request.inputs ?? []) {
    await visitTargetLines(input, (target) => collector.add(target), {
      onProblem,
      plain: (range, line) => collector.addWords(range, input.name, line),
    });
  }
  const [first, ...others] = problems;
  if (first !== undefined) throw others.length === 0 ? first : new TargetListError(problems, false);
  return collector.build();
}
