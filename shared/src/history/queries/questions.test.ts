import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { select, toDimensionValue } from '../../../../test/support/naive-query.ts';
import { writeQuery } from '../../../../test/support/random-query.ts';
import { insertSeries } from '../../../../test/support/record.ts';
import {
  createRandom,
  insertRecordedHistory,
  type Member,
  type Weeks,
} from '../../../../test/support/recorded-history.ts';
import type { Database } from '../../database/index.ts';
import {
  countHistory,
  DIFF_STATES,
  diffHistory,
  FIELD_NAMES,
  FIELDS,
  type History,
  openHistory,
  type PublishedSeries,
  parseQuery,
  publishHistory,
  trendHistory,
  UNITS,
  type Unit,
} from '../index.ts';

let database: Database;
let directory: string;
let history: History;
let series: PublishedSeries;
let weeks: Weeks;
let endings: Map<string, Map<number, string>>;

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'kubecensus-questions-'));
  const seriesId = await insertSeries(database.pool(), 'weekly');
  ({ weeks, endings } = await insertRecordedHistory(database.pool(), seriesId, {
    addresses: 150,
    weeks: 9,
    seed: 11,
    firstAsOf: '2026-02-02T00:00:00Z',
  }));
  await publishHistory({ pool: database.pool('reader'), directory, series: 'weekly' });
  history = await openHistory({ directory });
  series = await history.series('weekly');
});
afterAll(async () => {
  await history.close();
  await rm(directory, { recursive: true, force: true });
  await database.close();
});

const DIMENSIONS = FIELD_NAMES.filter((name) => FIELDS[name].dimension);
const hosts = (members: readonly Member[]) => new Set(members.map(({ address }) => address)).size;
const clusters = (members: readonly Member[]) => new Set(members.flatMap(({ cluster }) => cluster ?? [])).size;
const size = (unit: Unit, members: readonly Member[]) =>
  unit === 'cluster' ? clusters(members) : unit === 'host' ? hosts(members) : members.length;
/** What a question about units counts: of clusters, endpoints without one are in no cell. */
const counted = (unit: Unit, members: readonly Member[]) =>
  members.filter(({ cluster }) => unit !== 'cluster' || cluster !== null);

function splitBy(by: readonly string[], members: readonly Member[]): Map<string, Member[]> {
  const cells = new Map<string, Member[]>();
  for (const one of members) {
    const key = JSON.stringify(by.map((field) => toDimensionValue(field, one)));
    cells.set(key, [...(cells.get(key) ?? []), one]);
  }
  return cells;
}

it('the fixture exercises what it is for', () => {
  const all = weeks.flat();
  expect(all.some(({ outcome }) => outcome === 'look-alike')).toBe(true);
  expect(hosts(weeks[5] ?? [])).toBeLessThan(weeks[5]?.length ?? 0);
  expect(clusters(weeks[5] ?? [])).toBeLessThan(counted('cluster', weeks[5] ?? []).length);
  expect(all.some(({ mirrored }) => mirrored)).toBe(true);
  const states = new Set([...endings.values()].flatMap((ends) => [...ends.values()]));
  expect([...states].sort()).toEqual(['excluded', 'gone', 'not-reached', 'out-of-scope']);
});

it('counts of 500 random queries are those of a naive evaluation', async () => {
  const random = createRandom(17);
  let found = 0;
  for (let round = 0; round < 500; round += 1) {
    const text = writeQuery(random, ({ kept }) => kept === 'history');
    const query = parseQuery(text);
    const census = 1 + Math.floor(random() * 9);
    const unit = UNITS[Math.floor(random() * UNITS.length)] ?? 'endpoint';
    const { total } = await countHistory(series, { query, census, unit });
    expect([text, census, unit, total]).toEqual([text, census, unit, size(unit, select(query, weeks[census] ?? []))]);
    if (total > 0) found += 1;
  }
  expect(found).toBeGreaterThan(200);
});

it('cross-tabs of one to three dimensions have the right cells, other and total', async () => {
  const random = createRandom(23);
  for (let round = 0; round < 60; round += 1) {
    const by = [
      ...new Set(
        [0, 1, 2].slice(0, 1 + (round % 3)).map(() => DIMENSIONS[Math.floor(random() * DIMENSIONS.length)] ?? 'port'),
      ),
    ];
    const text = writeQuery(random, ({ kept }) => kept === 'history', 1);
    const query = parseQuery(text);
    const unit = UNITS[Math.floor(random() * UNITS.length)] ?? 'endpoint';
    const limit = random() < 0.5 ? 3 : 1000;
    const answer = await countHistory(series, { query, by, unit, limit, census: 7 });
    const members = counted(unit, select(query, weeks[7] ?? []));
    const cells = splitBy(by, members);
    expect(answer.total).toBe(size(unit, members));
    expect(answer.cells).toHaveLength(Math.min(limit, cells.size));
    const left = new Map(cells);
    for (const { key, count } of answer.cells) {
      const text = JSON.stringify(by.map((field) => key[field] ?? null));
      expect([text, count]).toEqual([text, size(unit, cells.get(text) ?? [])]);
      left.delete(text);
    }
    expect(answer.other).toEqual({ cells: left.size, count: size(unit, [...left.values()].flat()) });
  }
});

it('trends of random queries are those of a naive evaluation, census by census, in lines, other and total', async () => {
  const random = createRandom(29);
  for (let round = 0; round < 60; round += 1) {
    const by = [
      ...new Set([0, 1].slice(0, round % 3).map(() => DIMENSIONS[Math.floor(random() * DIMENSIONS.length)] ?? 'port')),
    ];
    const text = writeQuery(random, ({ trendable }) => trendable, 2);
    const query = parseQuery(text);
    const unit = UNITS[Math.floor(random() * UNITS.length)] ?? 'endpoint';
    const { total, lines, other, censuses } = await trendHistory(series, { query, by, unit, limit: 3 });
    const members = weeks.slice(1).map((week) => counted(unit, select(query, week)));
    expect(censuses.map(({ censusNumber }) => censusNumber)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([text, unit, by, total]).toEqual([text, unit, by, members.map((week) => size(unit, week))]);
    const shown = lines.map(({ key }) => JSON.stringify(by.map((field) => key[field] ?? null)));
    for (const [at, { counts }] of lines.entries()) {
      const expected = members.map((week) => size(unit, splitBy(by, week).get(shown[at] ?? '') ?? []));
      expect([text, shown[at], counts]).toEqual([text, shown[at], expected]);
    }
    if (by.length === 0) continue;
    const rest = members.map((week) =>
      [...splitBy(by, week)].filter(([key]) => !shown.includes(key)).flatMap(([, of]) => of),
    );
    expect([text, by, other.counts]).toEqual([text, by, rest.map((week) => size(unit, week))]);
  }
});

it('a trend of endpoints is the sum of its parts', async () => {
  for (const by of DIMENSIONS) {
    const { lines, other, total } = await trendHistory(series, { query: parseQuery(''), by: [by], limit: 2 });
    expect(total).toEqual(
      total.map((_, at) => lines.reduce((sum, line) => sum + (line.counts[at] ?? 0), other.counts[at] ?? 0)),
    );
  }
});

/** What the truth says of each endpoint between two censuses. */
function tellNaively(text: string, from: number, to: number): Record<string, number> {
  const query = parseQuery(text);
  const keyOf = ({ address, port }: Member) => `${address} ${port}`;
  const index = (week: number) => new Map((weeks[week] ?? []).map((one) => [keyOf(one), one]));
  const meeting = (week: number) => new Set(select(query, weeks[week] ?? []).map(keyOf));
  const [a, b, meetsA, meetsB] = [index(from), index(to), meeting(from), meeting(to)];
  const counts: Record<string, number> = Object.fromEntries(DIFF_STATES.map((state) => [state, 0]));
  const seenIn = (key: string, first: number, last: number) =>
    weeks.slice(first, last + 1).some((week) => week.some((one) => keyOf(one) === key));
  const lastEnding = (key: string, until: number) =>
    [...(endings.get(key) ?? [])].filter(([week]) => week <= until).sort(([x], [y]) => y - x)[0]?.[1];
  for (const key of new Set([...meetsA, ...meetsB])) {
    const [one, other] = [a.get(key), b.get(key)];
    let state: string;
    if (one !== undefined && other !== undefined) {
      if (!meetsA.has(key)) state = 'entered';
      else if (!meetsB.has(key)) state = 'left';
      else state = one.evidence === other.evidence ? 'unchanged' : 'changed';
    } else if (one === undefined) {
      if (!seenIn(key, 1, from)) state = 'new';
      else state = lastEnding(key, from) === 'not-reached' ? 'back' : 'reappeared';
    } else state = lastEnding(key, to) ?? 'nothing';
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

it('a difference of two censuses tells each endpoint’s state as the truth has it', async () => {
  const random = createRandom(31);
  const met = new Set<string>();
  for (let round = 0; round < 40; round += 1) {
    const text = round < 8 ? '' : writeQuery(random, ({ kept }) => kept === 'history', 1);
    const from = 1 + Math.floor(random() * 8);
    const to = from + 1 + Math.floor(random() * (9 - from));
    const {
      counts,
      clusters: folded,
      rows,
    } = await diffHistory(series, {
      query: parseQuery(text),
      earlier: { census: from },
      later: { census: to },
      limit: 10_000,
    });
    expect([text, from, to, counts]).toEqual([text, from, to, tellNaively(text, from, to)]);
    const [before, after] = [from, to].map(
      (week) => new Set(select(parseQuery(text), weeks[week] ?? []).flatMap(({ cluster }) => cluster ?? [])),
    );
    const stayed = [...(before ?? [])].filter((cluster) => after?.has(cluster)).length;
    expect(folded).toEqual({ stayed, came: (after?.size ?? 0) - stayed, went: (before?.size ?? 0) - stayed });
    for (const { state } of rows) met.add(state);
    expect(rows.length).toBe(Object.values(counts).reduce((sum, count) => sum + count, 0) - counts.unchanged);
  }
  expect([...met].sort()).toEqual(DIFF_STATES.filter((state) => state !== 'unchanged').sort());
});

it('as of a date is the last census on or before it, and the answer names it with its coverage and revision', async () => {
  const { of } = await countHistory(series, { query: parseQuery(''), asOf: new Date('2026-02-15T23:59:59Z') });
  expect(of).toMatchObject({ series: 'weekly', censusNumber: 2, revision: 1, coverage: 0.99, publication: 1 });
  const asked = countHistory(series, { query: parseQuery(''), asOf: new Date('2026-01-01T00:00:00Z') });
  await expect(asked).rejects.toMatchObject({ code: 'QUERY_CENSUS_UNKNOWN' });
});

it('what cannot be answered is refused with a code', async () => {
  const query = parseQuery('cluster:x or distribution:eks');
  expect((await countHistory(series, { query })).notMeasured).toEqual([]);
  await expect(countHistory(series, { query, by: ['ip'] })).rejects.toMatchObject({ code: 'QUERY_DIMENSION_UNKNOWN' });
  await expect(countHistory(series, { query, by: ['port', 'silence', 'minor', 'exposure'] })).rejects.toMatchObject({
    code: 'QUERY_DIMENSION_UNKNOWN',
  });
  for (const text of ['certificate.left<3d', 'seen:2026', 'san:x']) {
    await expect(trendHistory(series, { query: parseQuery(text) })).rejects.toMatchObject({
      code: 'QUERY_FIELD_NOT_TRENDABLE',
    });
  }
});

it('a field that filters no trend is told with its column, and not with that of the query', async () => {
  const asked = trendHistory(series, { query: parseQuery('port:443 (eol:yes or certificate.left<3d)') });
  await expect(asked).rejects.toMatchObject({ code: 'QUERY_FIELD_NOT_TRENDABLE', column: 22 });
  const counted = countHistory(series, { query: parseQuery('port:443 not san:x') });
  await expect(counted).rejects.toMatchObject({ code: 'QUERY_FIELD_NOT_TRENDABLE', column: 14 });
});

it('a trend runs from one census to another by their numbers, and a number that names none is refused', async () => {
  const query = parseQuery('');
  const { censuses, total } = await trendHistory(series, { query, from: { census: 3 }, to: { census: 5 } });
  expect(censuses.map(({ censusNumber }) => censusNumber)).toEqual([3, 4, 5]);
  expect(total).toEqual([3, 4, 5].map((week) => select(query, weeks[week] ?? []).length));
  const asked = trendHistory(series, { query, from: { census: 30 } });
  await expect(asked).rejects.toMatchObject({ code: 'QUERY_CENSUS_UNKNOWN' });
});
