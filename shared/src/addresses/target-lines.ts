import { AddressError } from './address-error.ts';
import { splitLines, type TextInput } from './split-lines.ts';
import { parseTargetLine, type TargetLine } from './target-line.ts';

/** Characters of one line of a list of targets, comment included. */
export const MAX_LINE_LENGTH = 4096;

/** A target and where it was written, such as `targets.txt line 3`. */
export interface PlacedTargetLine extends TargetLine {
  readonly where: string;
}

export interface TargetLinesOptions {
  /** Called for a line that is no target; without it the first such line ends the reading. */
  readonly onProblem?: (problem: AddressError) => void;
}

/**
 * The targets of a list, in batches and as they arrive, so that a pipe can be followed.
 * @throws AddressError of the first wrong line (without `onProblem`); ADDRESS_LIST_EMPTY for a list that names no target
 */
export async function* readTargetLines(
  input: TextInput,
  options: TargetLinesOptions = {},
): AsyncGenerator<PlacedTargetLine[]> {
  let lineNumber = 0;
  let found = 0;
  for await (const lines of splitLines(input, MAX_LINE_LENGTH)) {
    const batch: PlacedTargetLine[] = [];
    for (const line of lines) {
      lineNumber += 1;
      try {
        const target = parseTargetLine(line);
        if (target === undefined) continue;
        found += 1;
        const at = lineNumber;
        batch.push({
          ...target,
          get where() {
            return `${input.name} line ${at}`;
          },
        });
      } catch (error) {
        if (!(error instanceof AddressError)) throw error;
        found += 1;
        const placed = error.at(`${input.name} line ${lineNumber}`);
        if (options.onProblem === undefined) throw placed;
        options.onProblem(placed);
      }
    }
    if (batch.length > 0) yield batch;
  }
  if (found === 0) {
    throw new AddressError(
      'ADDRESS_LIST_EMPTY',
      input.name,
      'names no target',
      'write one address, prefix or address:port a line',
    );
  }
}

/**
 * Targets from the command line: each argument is what a line may be, or several of them with commas or spaces between.
 * (`192.0.2.1,6443` is an address and its port.)
 * @throws AddressError of the first wrong argument (without `onProblem`)
 */
export function parseTargetArguments(values: readonly string[], options: TargetLinesOptions = {}): PlacedTargetLine[] {
  const targets: PlacedTargetLine[] = [];
  for (const [index, value] of values.entries()) {
    const where = `target argument ${index + 1}`;
    const pieces = /^[^,\s]+,\d+$/.test(value.trim()) ? [value] : value.split(/[\s,]+/).filter((piece) => piece !== '');
    if (pieces.length === 0) pieces.push(value);
    for (const piece of pieces) {
      try {
        const target = parseTargetLine(piece);
        if (target === undefined)
          throw new AddressError('ADDRESS_MALFORMED', value, 'names no target', 'write an address');
        targets.push({ ...target, where });
      } catch (error) {
        if (!(error instanceof AddressError)) throw error;
        if (options.onProblem === undefined) throw error.at(where);
        options.onProblem(error.at(where));
      }
    }
  }
  return targets;
}
