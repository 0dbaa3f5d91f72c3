import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../../shared/src/database/index.ts';
import { type History, openHistory, parseQuery, publishHistory } from '../../../../shared/src/history/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { select } from '../../../../test/support/naive-query.ts';
import { writeQuery } from '../../../../test/support/random-query.ts';
import { insertSeries } from '../../../../test/support/record.ts';
import { createRandom, insertRecordedHistory, type Weeks } from '../../../../test/support/recorded-history.ts';
import { type EndpointPlace, searchEndpoints } from './search-endpoints.ts';

let database: Database;
let weeks: Weeks;
let directory: string;
let history: History;

beforeAll(async () => {
  database = await createTestDatabase();
  const seriesId = await insertSeries(database.pool(), 'weekly');
  ({ weeks } = await insertRecordedHistory(database.pool(), seriesId, {
    addresses: 100,
    weeks: 6,
    seed: 41,
    firstAsOf: '2026-02-02T00:00:00Z',
  }));
  directory = await mkdtemp(path.join(tmpdir(), 'kubecensus-search-'));
  await publishHistory({ pool: database.pool('reader'), directory, series: seriesId });
  history = await openHistory({ directory });
});
afterAll(async () => {
  await history.close();
  await rm(directory, { recursive: true, force: true });
  await database.close();
});

const search = (
  text: string,
  census: number,
  options: { limit?: number; after?: EndpointPlace; history?: History } = {},
) =>
  searchEndpoints(database.pool('reader'), {
    query: parseQuery(text),
    series: 'weekly',
    census,
    limit: 10_000,
    ...options,
  });

it('what 300 random queries find is what a naive evaluation finds', async () => {
  const random = createRandom(43);
  let found = 0;
  for (let round = 0; round < 300; round += 1) {
    const text = writeQuery(random, () => true);
    const census = 1 + Math.floor(random() * 6);
    const { rows } = await search(text, census);
    const expected = select(parseQuery(text), weeks[census] ?? []);
    const toLines = (of: readonly EndpointPlace[]) => of.map(({ address, port }) => `${address} ${port}`).sort();
    expect([text, census, toLines(rows)]).toEqual([text, census, toLines(expected)]);
    found += rows.length;
  }
  expect(found).toBeGreaterThan(1000);
});

it('what is found in the published history, page by page, is what a walk over the record finds', async () => {
  const random = createRandom(47);
  let found = 0;
  for (let round = 0; round < 100; round += 1) {
    const text =
      round % 4 === 0
        ? `san:"*${1 + (round % 9)}*internal" or ${writeQuery(random, () => true, 1)}`
        : writeQuery(random, () => true);
    const census = 1 + Math.floor(random() * 6);
    const { rows: expected } = await search(text, census);
    const joined = [];
    let after: EndpointPlace | undefined;
    do {
      const page = await search(text, census, { history, limit: 40, ...(after !== undefined && { after }) });
      joined.push(...page.rows);
      after = page.next;
    } while (after !== undefined);
    expect([text, census, joined]).toEqual([text, census, expected]);
    found += joined.length;
  }
  expect(found).toBeGreaterThan(1000);
});

it('pages joined are the whole, in the order of addresses, however small they are', async () => {
  const { rows: whole } = await search('answering:yes', 5);
  const joined = [];
  let after: EndpointPlace | undefined;
  do {
    const page = await search('answering:yes', 5, { limit: 7, ...(after !== undefined && { after }) });
    expect(page.rows.length).toBeLessThanOrEqual(7);
    joined.push(...page.rows);
    after = page.next;
  } while (after !== undefined);
  expect(joined).toEqual(whole);
  expect(whole.length).toBeGreaterThan(14);
});

it('a row tells version, support on the day of the answer, and the certificate', async () => {
  const { rows, of } = await search('version:1.27', 4, { limit: 1 });
  expect(of).toMatchObject({ kind: 'census', census: { censusNumber: 4 } });
  expect(rows[0]).toMatchObject({ minor: '1.27', answering: true, names: expect.arrayContaining(['kubernetes']) });
  expect(rows[0]?.support).not.toBeNull();
});

it('text of a caller is a value and never a statement', async () => {
  for (const text of [`san:"'; DROP TABLE endpoints; --"`, 'distribution:"%"', 'subject:"\\\\"', 'issuer:"_"']) {
    expect((await search(text, 6)).rows).toEqual([]);
  }
  expect((await search('', 6)).rows.length).toBeGreaterThan(0);
});
