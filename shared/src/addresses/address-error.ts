import { type ErrorCode, KubecensusError } from '../errors/index.ts';

/** The ways in which an address, a set of them or a list of targets can be wrong. */
export type AddressErrorCode = Extract<ErrorCode, `ADDRESS_${string}`>;

/** Characters of a stranger's text that a message repeats. */
const MAX_QUOTED = 80;

/** The text in quotes, cut to a line, with everything but printable ASCII escaped: safe on a terminal and in a log. */
export function quoted(text: string): string {
  const cut = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}...` : text;
  const escaped = cut.replace(/[^\x20-\x7e]|["\\]/g, (character) =>
    character === '"' || character === '\\'
      ? `\\${character}`
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

/**
 * The message is one line: where (if known), the offending text, what is wrong with it, and the next step.
 * `text` is the offending text as it was given.
 */
export class AddressError extends KubecensusError {
  declare readonly code: AddressErrorCode;
  readonly text: string;
  readonly problem: string;
  readonly nextStep: string;
  readonly where: string | undefined;

  constructor(code: AddressErrorCode, text: string, problem: string, nextStep: string, where?: string) {
    super(code, `${where === undefined ? '' : `${where}: `}${quoted(text)} ${problem}; ${nextStep}`);
    this.text = text;
    this.problem = problem;
    this.nextStep = nextStep;
    this.where = where;
  }

  /** The same error, told with its place, such as `targets.txt line 3`. */
  at(where: string): AddressError {
    return new AddressError(this.code, this.text, this.problem, this.nextStep, where);
  }
}
