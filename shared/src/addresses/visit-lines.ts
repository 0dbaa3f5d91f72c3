import { lineTooLong, readText, type TextInput } from './split-lines.ts';

/** A line is `text` from `from` up to `to`, without its end; `text` may be the 64 KiB that it arrived in. */
export type LineVisitor = (text: string, from: number, to: number, lineNumber: number) => void | Promise<void>;

/**
 * Hands over the lines of an input one by one, as splitLines gives them, but without a string for each: a million
 * lines that are read where they lie leave no garbage. Lines are counted from 1.
 * @param maxLineLength characters; a longer line ends the reading before it is held in memory
 * @throws AddressError ADDRESS_LINE_TOO_LONG, and what readText throws
 */
export async function visitLines(input: TextInput, maxLineLength: number, visit: LineVisitor): Promise<void> {
  let rest = '';
  let lineNumber = 0;
  const visitLine = (text: string, from: number, end: number): void | Promise<void> => {
    lineNumber += 1;
    if (end - from > maxLineLength) throw lineTooLong(input, lineNumber, text.slice(from, end), maxLineLength);
    return visit(text, from, end > from && text.charCodeAt(end - 1) === 0x0d ? end - 1 : end, lineNumber);
  };
  for await (const text of readText(input)) {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = rest === '' ? undefined : rest + text.slice(0, end);
      const visited = line === undefined ? visitLine(text, from, end) : visitLine(line, 0, line.length);
      // Awaiting what is no promise would cost more than the line did.
      if (visited !== undefined) await visited;
      rest = '';
      from = end + 1;
    }
    rest += text.slice(from);
    if (rest.length > maxLineLength) throw lineTooLong(input, lineNumber + 1, rest, maxLineLength);
  }
  if (rest !== '') await visitLine(rest, 0, rest.length);
}
