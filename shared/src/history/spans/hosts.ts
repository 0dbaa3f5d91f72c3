import type { Statements } from '../duckdb.ts';

/** The addresses of a publication in their order: IPv4 first, each family by value. */
export interface Hosts {
  readonly length: number;
  /** Numbers of the hosts from one address key to another, both included: `from` <= number < `until`. */
  range(firstKey: string, lastKey: string): { from: number; until: number };
  /** Family and hexadecimal digits, as the files have it. */
  key(number: number): string;
}

const KEYS_OF_A_PIECE = 4096;

/** Keys are kept as bytes, pieces of them in one buffer: a million strings would be a hundred megabytes. */
export async function readHosts(db: Statements, from: string): Promise<Hosts> {
  const pieces: { text: Buffer; width: number; count: number }[] = [];
  let open: { keys: string[]; width: number } = { keys: [], width: 0 };
  let length = 0;
  const close = () => {
    const { keys, width } = open;
    if (keys.length > 0) pieces.push({ text: Buffer.from(keys.join(''), 'latin1'), width, count: keys.length });
    open = { keys: [], width: 0 };
  };
  const statement = `SELECT DISTINCT host_number, address_key FROM ${from} ORDER BY host_number`;
  for await (const rows of db.stream<{ address_key: string }>(statement)) {
    for (const { address_key: key } of rows) {
      // Keys of one family have one width: a number leads to its bytes.
      if (key.length !== open.width || open.keys.length === KEYS_OF_A_PIECE) close();
      open.width = key.length;
      open.keys.push(key);
      length += 1;
    }
  }
  close();
  const starts: number[] = [];
  let start = 0;
  for (const { count } of pieces) {
    starts.push(start);
    start += count;
  }
  const key = (number: number): string => {
    const at = lowerBound(starts.length, (one) => (starts[one] as number) > number) - 1;
    const piece = pieces[at];
    if (piece === undefined || number - (starts[at] as number) >= piece.count)
      throw new RangeError(`no host ${number}`);
    const offset = (number - (starts[at] as number)) * piece.width;
    return piece.text.toString('latin1', offset, offset + piece.width);
  };
  return {
    length,
    key,
    range: (firstKey, lastKey) => ({
      from: lowerBound(length, (number) => key(number) >= firstKey),
      until: lowerBound(length, (number) => key(number) > lastKey),
    }),
  };
}

/** The least number below `length` of which `isAbove` is true; `length` where it is of none. */
function lowerBound(length: number, isAbove: (number: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAbove(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
