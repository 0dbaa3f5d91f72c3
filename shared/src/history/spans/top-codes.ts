/**
 * The `limit` first of the codes that occur, without ordering all of them: there may be a million, and a reader sees ten.
 * @param counts code -> how often; what is 0 does not occur
 * @param compare negative where the first one comes before the second; a total order
 */
export function toTopCodes(
  counts: Float64Array | Int32Array,
  limit: number,
  compare: (a: number, b: number) => number,
): { top: number[]; count: number } {
  let top: number[] = [];
  let count = 0;
  let bound: number | undefined;
  for (let code = 0; code < counts.length; code += 1) {
    if ((counts[code] as number) <= 0) continue;
    count += 1;
    if (bound !== undefined && compare(code, bound) > 0) continue;
    top.push(code);
    if (top.length < limit * 2 + 1000) continue;
    top = top.sort(compare).slice(0, limit);
    bound = top.at(-1);
  }
  return { top: top.sort(compare).slice(0, limit), count };
}
