import { Readable } from 'node:stream';
import type pg from 'pg';
import { type FoundEndpoint, type SearchQuestion, searchEndpoints } from '../queries/search-endpoints.ts';

/** Rows that are in memory at once for each reader, however slow it is and however much it is to be sent. */
const PAGE = 1000;

/** Every endpoint of the question, a page at a time: the next one is read when the reader has taken the one before. */
async function* pages(pool: pg.Pool, question: SearchQuestion): AsyncGenerator<FoundEndpoint[]> {
  let page = await searchEndpoints(pool, { ...question, limit: PAGE });
  const { of } = page;
  const pinned = of.kind === 'census' ? { series: of.census.seriesId, census: of.census.censusNumber } : {};
  for (;;) {
    yield page.rows;
    if (page.next === undefined) return;
    page = await searchEndpoints(pool, { ...question, ...pinned, limit: PAGE, after: page.next });
  }
}

export function toNdjson(pool: pg.Pool, question: SearchQuestion): Readable {
  return Readable.from(lines(), { objectMode: false, highWaterMark: 1 << 16 });
  async function* lines() {
    for await (const rows of pages(pool, question)) {
      if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    }
  }
}

const CSV_COLUMNS = [
  'address', 'port', 'component', 'outcome', 'distribution', 'confidence', 'version', 'minor', 'minorLow', 'minorHigh',
  'exposure', 'silence', 'support', 'exactSan', 'answering', 'subject', 'issuer', 'names', 'notBefore', 'notAfter',
  'firstSeenAt', 'lastSeenAt',
] as const satisfies readonly (keyof FoundEndpoint)[]; // biome-ignore format: one block of names

export function toCsv(pool: pg.Pool, question: SearchQuestion): Readable {
  return Readable.from(lines(), { objectMode: false, highWaterMark: 1 << 16 });
  async function* lines() {
    yield `${CSV_COLUMNS.join(',')}\r\n`;
    for await (const rows of pages(pool, question)) {
      if (rows.length === 0) continue;
      yield rows.map((row) => `${CSV_COLUMNS.map((column) => toCell(row[column])).join(',')}\r\n`).join('');
    }
  }
}

/** RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe: certificates are strangers' text. */
export function toCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = Array.isArray(value) ? value.join(' ') : value instanceof Date ? value.toISOString() : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
