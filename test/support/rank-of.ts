/** Rows of a matrix that no other ones are a sum of multiples of: elimination without fractions or rounding (Bareiss, 1968). */
export function rankOf(rows: readonly (readonly bigint[])[]): number {
  const left = rows.map((row) => [...row]);
  const width = rows[0]?.length ?? 0;
  let rank = 0;
  let last = 1n;
  for (let column = 0; column < width && rank < left.length; column += 1) {
    const at = left.findIndex((row, index) => index >= rank && row[column] !== 0n);
    const pivot = left[at];
    if (pivot === undefined) continue;
    left[at] = left[rank] ?? pivot;
    left[rank] = pivot;
    const lead = pivot[column] ?? 1n;
    for (let index = rank + 1; index < left.length; index += 1) {
      const row = left[index] ?? [];
      const factor = row[column] ?? 0n;
      left[index] = row.map((value, place) => (value * lead - factor * (pivot[place] ?? 0n)) / last);
    }
    last = lead;
    rank += 1;
  }
  return rank;
}
