import { type AddressRange, parseAddress } from '../addresses/index.ts';
import { TableError } from '../kubernetes/index.ts';
import { cleanText } from '../text/index.ts';
import { MAX_ASN, MAX_NAME_LENGTH, type Place } from './place.ts';
import type { PlaceLayer } from './place-layer.ts';
import { RangeIndexBuilder } from './range-index.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Longer than any line of an address table; names are of one. */
const MAX_LINE_BYTES = 2000;
/** Twice the routes of the Internet of 2026. */
export const MAX_ROUTES = 3_000_000;

/**
 * Reads `first,last,number,name` lines, as ip-location-db publishes them: both ends inclusive, ascending, of one family
 * or of one after the other.
 * @throws TableError naming the line and the reason; nothing is taken of a table with one bad line
 */
export function parseAsnCsv(table: string, bytes: Buffer): PlaceLayer {
  const builder = new RangeIndexBuilder();
  const places: Place[] = [];
  const numbers = new Map<number, number>();
  let line = 0;
  for (let at = 0; at < bytes.length; ) {
    line += 1;
    const newline = bytes.indexOf(NEWLINE, at);
    if (newline < 0) throw new TableError(table, line, 'the last line has no end: the file is cut off');
    const end = bytes[newline - 1] === RETURN ? newline - 1 : newline;
    if (end - at > MAX_LINE_BYTES) throw new TableError(table, line, `longer than ${MAX_LINE_BYTES} bytes`);
    if (line > MAX_ROUTES) throw new TableError(table, line, `more than ${MAX_ROUTES} lines`);
    const text = bytes.toString('latin1', at, end);
    const second = text.indexOf(',') + 1;
    const third = text.indexOf(',', second) + 1;
    const fourth = text.indexOf(',', third) + 1;
    if (second === 0 || third === 0 || fourth === 0) {
      throw new TableError(table, line, 'not four columns: first address, last address, number, name');
    }
    const range = readRange(table, line, text.slice(0, second - 1), text.slice(second, third - 1));
    const asn = readAsn(table, line, text.slice(third, fourth - 1));
    let number = numbers.get(asn);
    if (number === undefined) {
      number = places.length;
      numbers.set(asn, number);
      const asName = toName(bytes.toString('utf8', at + fourth, end));
      places.push(asName === '' ? { asn } : { asn, asName });
    }
    if (!builder.add(range, number)) throw new TableError(table, line, 'does not lie behind the line before it');
    at = newline + 1;
  }
  if (line === 0) throw new TableError(table, 1, 'no rows');
  return { index: builder.build(), places };
}

function readRange(table: string, line: number, first: string, last: string): AddressRange {
  const [from, to] = [readAddress(table, line, first), readAddress(table, line, last)];
  if (from.family === 4 && to.family === 4 && from.value <= to.value) {
    return { family: 4, first: from.value, last: to.value };
  }
  if (from.family === 6 && to.family === 6 && from.value <= to.value) {
    return { family: 6, first: from.value, last: to.value };
  }
  throw new TableError(table, line, `${first} to ${last} is no range`);
}

function readAddress(table: string, line: number, text: string) {
  try {
    return parseAddress(text);
  } catch {
    throw new TableError(table, line, `"${cleanText(text, 60)}" is no address`);
  }
}

function readAsn(table: string, line: number, text: string): number {
  const asn = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (asn <= MAX_ASN) return asn;
  throw new TableError(table, line, `"${cleanText(text, 60)}" is no number of an autonomous system`);
}

/** RFC 4180: a quoted field has its quotes doubled. */
function toName(field: string): string {
  const quoted = /^"(.*)"$/s.exec(field)?.[1];
  return cleanText(quoted?.replaceAll('""', '"') ?? field, MAX_NAME_LENGTH);
}
