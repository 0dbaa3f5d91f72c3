/**
 * A `text[]` as the text of its literal, for rows that each have their own (`unnest` flattens arrays of arrays). Read by
 * the array's own input function, it costs a tenth of a JSON array that a sub-select takes apart.
 */
export function toTextArrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
