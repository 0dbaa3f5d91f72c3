import { Readable } from 'node:stream';
import type pg from 'pg';
import { toCsvRow } from '../export/csv-row.ts';
import { TEXT_FORMATS, type TextFormat, type TextFormatName } from '../export/export-text.ts';
import { FLAT_NAMES, toFlatValues } from '../export/flat-columns.ts';
import { exportEndpoints } from '../queries/export-endpoints.ts';
import { type FoundEndpoint, type SearchQuestion, searchEndpoints } from '../queries/search-endpoints.ts';

/** Rows that are in memory at once for each reader, however slow it is and however much it is to be sent. */
const PAGE = 1000;
/** Text that waits for its reader inside the stream, in bytes. */
const WAITING = 1 << 16;

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
  return toStream(async function* () {
    for await (const rows of pages(pool, question)) {
      yield rows.map(({ evidenceId: _ours, ...row }) => `${JSON.stringify(row)}\n`).join('');
    }
  });
}

export function toCsv(pool: pg.Pool, question: SearchQuestion): Readable {
  return toStream(async function* () {
    yield toCsvRow(FLAT_NAMES);
    for await (const rows of pages(pool, question)) yield rows.map((row) => toCsvRow(toFlatValues(row))).join('');
  });
}

/** Endpoints with all that was seen of them. */
export function toExport(pool: pg.Pool, question: SearchQuestion, format: TextFormatName): Readable {
  const { head, toText }: TextFormat = TEXT_FORMATS[format];
  return toStream(async function* () {
    yield head;
    for await (const { rows } of exportEndpoints(pool, question)) {
      // A row at a time: a page of certificates as one text is more than what waits.
      for (const row of rows) yield toText(row);
    }
  });
}

function toStream(texts: () => AsyncGenerator<string>): Readable {
  return Readable.from(filled(), { objectMode: false, highWaterMark: WAITING });
  // An empty piece would end the stream.
  async function* filled() {
    for await (const text of texts()) if (text !== '') yield text;
  }
}
