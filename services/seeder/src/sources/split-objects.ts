import { AddressError, readText, type TextInput } from '@kubecensus/shared/addresses';

/** Characters of one record; a zgrab2 record with a page in it stays below. */
export const MAX_RECORD_LENGTH = 4 * 1024 * 1024;

/** One JSON object of the outermost level, as text, and the line on which it begins. */
export interface ObjectText {
  readonly text: string;
  readonly line: number;
}

/**
 * The JSON objects of an input, whether one a line, with commas between, in an array or over many lines. Only braces and
 * strings are understood here: whether an object is well formed is for JSON.parse to say.
 * @throws AddressError ADDRESS_LINE_TOO_LONG over MAX_RECORD_LENGTH; ADDRESS_MALFORMED where the text ends within a record
 */
export async function* splitObjects(input: TextInput): AsyncGenerator<ObjectText[]> {
  let depth = 0;
  let inString = false;
  let isEscaped = false;
  let line = 1;
  let startLine = 1;
  let begun = '';
  for await (const text of readText(input)) {
    const objects: ObjectText[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 0x0a) line += 1;
      if (inString) {
        if (isEscaped) isEscaped = false;
        else if (code === 0x5c) isEscaped = true;
        else if (code === 0x22) inString = false;
      } else if (code === 0x22) {
        inString = depth > 0;
      } else if (code === 0x7b) {
        if (depth === 0) {
          from = at;
          startLine = line;
        }
        depth += 1;
      } else if (code === 0x7d && depth > 0) {
        depth -= 1;
        if (depth === 0) {
          objects.push({ text: begun + text.slice(from, at + 1), line: startLine });
          begun = '';
          from = at + 1;
        }
      }
    }
    if (depth > 0) begun += text.slice(from);
    if (objects.length > 0) yield objects;
    if (begun.length > MAX_RECORD_LENGTH) {
      throw new AddressError(
        'ADDRESS_LINE_TOO_LONG',
        begun,
        `is longer than ${MAX_RECORD_LENGTH.toLocaleString('en')} characters`,
        'leave out the results that are not needed: the address and port of each record are enough',
        `${input.name} line ${startLine}`,
      );
    }
  }
  if (depth > 0) {
    throw new AddressError(
      'ADDRESS_MALFORMED',
      begun,
      'is cut in the middle of a record',
      'let the other program finish, or take out its last record',
      `${input.name} line ${startLine}`,
    );
  }
}

/** Hands every object that parses to `visit`; tells of the others through `onProblem`. */
export async function visitObjects(
  input: TextInput,
  onProblem: (problem: AddressError) => void,
  visit: (record: Readonly<Record<string, unknown>>, line: number) => void,
): Promise<void> {
  for await (const objects of splitObjects(input)) {
    for (const { text, line } of objects) {
      const record = parseObject(text);
      if (record !== undefined) visit(record, line);
      else {
        const where = `${input.name} line ${line}`;
        onProblem(new AddressError('ADDRESS_MALFORMED', text, 'is no JSON', 'write each record as valid JSON', where));
      }
    }
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The value as an object, or undefined. */
export function toRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** A port written as a number or in digits, or undefined. Its bounds are for the sink to check. */
export function toPort(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : undefined;
}
