import { AddressError, splitLines, type TextInput } from '@kubecensus/shared/addresses';
import { csvColumns, parseCsvRow } from './csv-row.ts';

/** Characters of one row. */
const MAX_ROW_LENGTH = 64 * 1024;

/** Hands the fields of every row, by their column, to `visit`; rows of another width are told through `onProblem`. */
export async function visitTable(
  input: TextInput,
  onProblem: (problem: AddressError) => void,
  visit: (row: ReadonlyMap<string, string>, line: number) => void,
): Promise<void> {
  let columns: string[] | undefined;
  let lineNumber = 0;
  for await (const lines of splitLines(input, MAX_ROW_LENGTH)) {
    for (const line of lines) {
      lineNumber += 1;
      if (line.trim() === '') continue;
      if (columns === undefined) {
        columns = csvColumns(line);
        continue;
      }
      const fields = parseCsvRow(line);
      if (fields.length === columns.length) {
        visit(new Map(columns.map((column, index) => [column, (fields[index] ?? '').trim()])), lineNumber);
        continue;
      }
      onProblem(
        new AddressError(
          'ADDRESS_MALFORMED',
          line,
          `has ${fields.length} fields where the first line names ${columns.length}`,
          `give each row the columns ${columns.join(',')}`,
          `${input.name} line ${lineNumber}`,
        ),
      );
    }
  }
}
