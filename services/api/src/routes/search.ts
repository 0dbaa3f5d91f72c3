import Type from 'typebox';
import { parseCursor, toCursor } from '../http/cursor.ts';
import { toCsv, toNdjson } from '../http/stream-rows.ts';
import { type SearchQuestion, searchEndpoints } from '../queries/search-endpoints.ts';
import { defineRoute } from './define-route.ts';
import { asOf, census, limit, q, series, toLastInstant, toQuery } from './parameters.ts';

const MAX_PAGE = 1000;
/** The store ends a statement itself; an asker that went away costs no longer than this. */
const STATEMENT_MS = 10_000;

export const search = defineRoute({
  name: 'search',
  path: '/v1/search',
  summary: 'List the endpoints that meet a query: a page as JSON, or all of them as NDJSON or CSV',
  parameters: Type.Object({
    q,
    series,
    asOf,
    census,
    limit: limit(MAX_PAGE),
    cursor: Type.Optional(Type.String({ maxLength: 300, description: 'of the Link header of the page before' })),
    format: Type.Optional(Type.String({ pattern: '^(json|ndjson|csv)$' })),
  }),
  response: Type.Object({
    of: Type.Object({}, { additionalProperties: true }),
    rows: Type.Array(Type.Object({}, { additionalProperties: true })),
    notMeasured: Type.Array(Type.String()),
    cursor: Type.Optional(Type.String()),
  }),
  alsoAs: ['application/x-ndjson', 'text/csv'],
  async answer(asked, { pool, history, viewer, url, reply }) {
    const cursor = asked.cursor === undefined ? undefined : parseCursor(asked.cursor);
    const question: SearchQuestion = {
      query: toQuery(asked.q, viewer),
      timeoutMs: STATEMENT_MS,
      ...(asked.series !== undefined && { series: asked.series }),
      ...(asked.asOf !== undefined && { asOf: toLastInstant(asked.asOf) }),
      ...(asked.census !== undefined && { census: asked.census }),
      // A page belongs to the census of the pages before it, whatever is closed in between.
      ...(cursor !== undefined && { series: cursor.seriesId, census: cursor.censusNumber, after: cursor.place }),
    };
    // The stream itself is handed back, and not the reply, which would be waited for until its reader has all of it.
    if (asked.format === 'ndjson') {
      reply.type('application/x-ndjson');
      return toNdjson(pool, question);
    }
    if (asked.format === 'csv') {
      reply.type('text/csv; charset=utf-8');
      return toCsv(pool, question);
    }
    const page = await searchEndpoints(pool, { ...question, history, limit: asked.limit ?? 100 });
    // The number of evidence is the record's own.
    const rows = page.rows.map(({ evidenceId: _ours, ...row }) => row);
    if (page.next === undefined || page.of.kind !== 'census') return { ...page, rows };
    const next = toCursor({ ...page.of.census, place: page.next });
    const address = new URL(url, 'http://api.invalid');
    address.searchParams.set('cursor', next);
    reply.header('link', `<${address.pathname}${address.search}>; rel="next"`);
    return { of: page.of, rows, notMeasured: page.notMeasured, cursor: next };
  },
});
