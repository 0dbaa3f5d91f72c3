import { AddressError } from './address-error.ts';
import type { AddressRange } from './address-range.ts';
import type { TextInput } from './split-lines.ts';
import { parseTargetLine, type TargetLine } from './target-line.ts';
import { visitLines } from './visit-lines.ts';
import { createWordRange, scanWordRange, type WordRange } from './word-range.ts';

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

export interface VisitOptions extends TargetLinesOptions {
  /**
   * Called in place of `visit` for a line that is one address or prefix and nothing else, nearly every one of a long
   * list. The range holds until the next line.
   */
  readonly plain?: (range: WordRange, line: number) => void;
}

/** A million of these are made at a time: the place is put into words only when somebody asks. */
class ListedTarget implements PlacedTargetLine {
  readonly range: AddressRange;
  readonly port: number | undefined;
  readonly #list: string;
  readonly #line: number;

  constructor(target: TargetLine, list: string, line: number) {
    this.range = target.range;
    this.port = target.port;
    this.#list = list;
    this.#line = line;
  }

  get where(): string {
    return `${this.#list} line ${this.#line}`;
  }
}

/**
 * Hands every target of a list to `visit` as the list arrives.
 * @throws AddressError of the first wrong line (without `onProblem`); ADDRESS_LIST_EMPTY for a list that names no target
 */
export async function visitTargetLines(
  input: TextInput,
  visit: (target: PlacedTargetLine) => void | Promise<void>,
  options: VisitOptions = {},
): Promise<void> {
  const { plain } = options;
  const range = createWordRange();
  let isEmpty = true;
  await visitLines(input, MAX_LINE_LENGTH, (text, from, to, lineNumber) => {
    if (plain !== undefined && scanWordRange(text, from, to, range)) {
      isEmpty = false;
      return plain(range, lineNumber);
    }
    const target = parsePlaced(text.slice(from, to), input.name, lineNumber, options);
    if (target === undefined) return;
    isEmpty = false;
    if (target !== 'wrong') return visit(target);
  });
  if (isEmpty) throw emptyList(input);
}

/** A list that names no target, which is refused: an empty file is a slip more often than a wish. */
export function emptyList({ name }: TextInput): AddressError {
  return new AddressError(
    'ADDRESS_LIST_EMPTY',
    name,
    'names no target',
    'write one address, prefix or address:port a line',
  );
}

function parsePlaced(
  line: string,
  list: string,
  lineNumber: number,
  options: TargetLinesOptions,
): PlacedTargetLine | 'wrong' | undefined {
  try {
    const target = parseTargetLine(line);
    return target === undefined ? undefined : new ListedTarget(target, list, lineNumber);
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    const placed = error.at(`${list} line ${lineNumber}`);
    if (options.onProblem === undefined) throw placed;
    options.onProblem(placed);
    return 'wrong';
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
