import { AddressError } from './address-error.ts';

/** Text from somewhere, in pieces of any size: a file, standard input, the arguments joined. */
export interface TextInput {
  /** For messages: the file's path as given, or `standard input`. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;
}

function assertText(name: string, first: Uint8Array): void {
  const [a, b] = first;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw new AddressError('ADDRESS_LIST_ENCODING', name, 'is UTF-16', 'save it as UTF-8 or ASCII');
  }
  if (a === 0x1f && b === 0x8b) {
    throw new AddressError(
      'ADDRESS_LIST_ENCODING',
      name,
      'is compressed',
      'unpack it first: gunzip -c FILE | kubecensus ... -',
    );
  }
}

/**
 * The text of an input, piece by piece, without a byte order mark. A character cut by the edge of a piece is kept whole.
 * @throws AddressError ADDRESS_LIST_ENCODING, ADDRESS_LIST_UNREADABLE
 */
export async function* readText(input: TextInput): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  let started = false;
  try {
    for await (const chunk of input.chunks) {
      if (chunk.length === 0) continue;
      if (typeof chunk === 'string') yield started ? chunk : chunk.replace(/^\ufeff/, '');
      else {
        if (!started) assertText(input.name, chunk);
        yield decoder.decode(chunk, { stream: true });
      }
      started = true;
    }
  } catch (error) {
    // Only the system's own errors say which call failed.
    const { syscall, code } = error as NodeJS.ErrnoException;
    if (syscall === undefined || code === undefined) throw error;
    throw unreadable(input.name, code);
  }
  yield decoder.decode();
}

const UNREADABLE: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['does not exist', 'check the path'],
  EISDIR: ['is a directory', 'name a file in it'],
  EACCES: ['may not be read by this user', 'check its permissions'],
};

function unreadable(name: string, code: string): AddressError {
  const [problem, nextStep] = UNREADABLE[code] ?? [`cannot be read (${code})`, 'check the file and try again'];
  return new AddressError('ADDRESS_LIST_UNREADABLE', name, problem, nextStep);
}

export function lineTooLong(
  input: Pick<TextInput, 'name'>,
  lineNumber: number,
  line: string,
  maxLineLength: number,
): AddressError {
  return new AddressError(
    'ADDRESS_LINE_TOO_LONG',
    line,
    `is longer than ${maxLineLength.toLocaleString('en')} characters`,
    'write one record a line',
    `${input.name} line ${lineNumber}`,
  );
}

/**
 * The lines of an input in batches (one await for thousands of lines), without their line ends (LF, CRLF).
 * @param maxLineLength characters; a longer line ends the reading before it is held in memory
 * @throws AddressError ADDRESS_LINE_TOO_LONG, and what readText throws
 */
export async function* splitLines(input: TextInput, maxLineLength: number): AsyncGenerator<string[]> {
  let rest = '';
  let lineNumber = 1;
  const assertLength = (line: string) => {
    if (line.length > maxLineLength) throw lineTooLong(input, lineNumber, line, maxLineLength);
  };
  for await (const text of readText(input)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() as string;
    for (let index = 0; index < lines.length; index += 1) {
      const line = lines[index] as string;
      assertLength(line);
      if (line.endsWith('\r')) lines[index] = line.slice(0, -1);
      lineNumber += 1;
    }
    assertLength(rest);
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') yield [rest.endsWith('\r') ? rest.slice(0, -1) : rest];
}
