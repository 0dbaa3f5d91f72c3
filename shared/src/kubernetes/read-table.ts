import { TableError } from './table-error.ts';
import { parseVersion } from './version.ts';

/** Far above the longest table, so that a wrong file is refused before it is split. */
export const MAX_TABLE_BYTES = 1024 * 1024;
export const MAX_TABLE_ROWS = 5000;

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** One row of a table: fields by column, and checks that name the line when they fail. */
export class TableRow {
  readonly table: string;
  readonly line: number;
  readonly #fields: ReadonlyMap<string, string>;

  constructor(table: string, line: number, fields: ReadonlyMap<string, string>) {
    this.table = table;
    this.line = line;
    this.#fields = fields;
  }

  fail(reason: string): never {
    throw new TableError(this.table, this.line, reason);
  }

  /** '' where the field is empty. */
  text(column: string): string {
    return this.#fields.get(column) ?? '';
  }

  required(column: string): string {
    return this.text(column) || this.fail(`"${column}" is empty`);
  }

  /** A day as YYYY-MM-DD; undefined where the field is empty. */
  day(column: string): string | undefined {
    const value = this.text(column);
    if (value === '') return undefined;
    const parts = DAY.exec(value);
    const time = Date.UTC(Number(parts?.[1]), Number(parts?.[2]) - 1, Number(parts?.[3]));
    if (parts === null || new Date(time).toISOString().slice(0, 10) !== value) {
      this.fail(`"${column}" is "${value}", not a day as YYYY-MM-DD`);
    }
    return value;
  }

  requiredDay(column: string): string {
    return this.day(column) ?? this.fail(`"${column}" is empty`);
  }

  /** A minor as '1.29'. */
  minor(column: string): string {
    const value = this.required(column);
    return /^\d{1,2}\.\d{1,3}$/.test(value) ? value : this.fail(`"${column}" is "${value}", not a minor such as 1.29`);
  }

  /** A version as '1.29.3', without the leading v. */
  version(column: string, value: string): string {
    return parseVersion(`v${value}`) === undefined
      ? this.fail(`"${column}" has "${value}", not a version such as 1.29.3`)
      : value;
  }

  /** Fails unless the days are in this order; absent ones are passed over. */
  assertOrder(...columns: readonly string[]): void {
    let last: { column: string; day: string } | undefined;
    for (const column of columns) {
      const day = this.day(column);
      if (day === undefined) continue;
      if (last !== undefined && day < last.day)
        this.fail(`"${column}" (${day}) is before "${last.column}" (${last.day})`);
      last = { column, day };
    }
  }
}

/**
 * Reads tab-separated text with exactly these columns, in any order.
 *
 * @throws TableError naming the line and the reason; nothing is returned of a table with one bad line.
 */
export function readTable(table: string, text: string, columns: readonly string[]): TableRow[] {
  if (Buffer.byteLength(text) > MAX_TABLE_BYTES) throw new TableError(table, 1, `longer than ${MAX_TABLE_BYTES} bytes`);
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const header = (lines[0] ?? '').split('\t');
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) throw new TableError(table, 1, `column "${missing.join('", "')}" is missing`);
  if (header.length !== columns.length)
    throw new TableError(table, 1, `${header.length} columns, not ${columns.length}`);
  if (lines.length < 2) throw new TableError(table, 1, 'no rows');
  if (lines.length - 1 > MAX_TABLE_ROWS)
    throw new TableError(table, MAX_TABLE_ROWS + 2, `more than ${MAX_TABLE_ROWS} rows`);
  return lines.slice(1).map((line, index) => {
    const fields = line.split('\t');
    if (fields.length !== header.length) {
      throw new TableError(table, index + 2, `${fields.length} fields under ${header.length} columns`);
    }
    return new TableRow(table, index + 2, new Map(header.map((column, at) => [column, fields[at] ?? ''])));
  });
}

/** Fails on the second row of a key. */
export function assertUnique(rows: readonly TableRow[], keyOf: (row: TableRow) => string): void {
  const seen = new Map<string, number>();
  for (const row of rows) {
    const key = keyOf(row);
    const first = seen.get(key);
    if (first !== undefined) row.fail(`"${key}" is already in line ${first}`);
    seen.set(key, row.line);
  }
}
