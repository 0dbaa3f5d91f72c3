/**
 * A `bytea[]` as the text of its literal. `unnest` flattens arrays of arrays, so a row's own array travels as text
 * and is cast on the other side.
 */
export function toByteaArrayText(values: readonly Buffer[]): string {
  return `{${values.map((value) => `"\\\\x${value.toString('hex')}"`).join(',')}}`;
}
