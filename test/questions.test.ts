import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Database } from '../shared/src/database/index.ts';
import { parseQuery } from '../shared/src/history/index.ts';
import { createTestDatabase } from './support/database.ts';
import { commandInProcess } from './support/in-process-command.ts';
import { select } from './support/naive-query.ts';
import { insertSeries } from './support/record.ts';
import { insertRecordedHistory, type Weeks } from './support/recorded-history.ts';

let database: Database;
let dataDir: string;
let weeks: Weeks;

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await mkdtemp(path.join(tmpdir(), 'kubecensus-questions-'));
  vi.stubEnv('DATABASE_URL', database.url());
  vi.stubEnv('KUBECENSUS_DATA_DIR', dataDir);
  const seriesId = await insertSeries(database.pool(), 'weekly');
  ({ weeks } = await insertRecordedHistory(database.pool(), seriesId, { addresses: 60, weeks: 4, seed: 3 }));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(dataDir, { recursive: true, force: true });
  await database.close();
});

const command = (...args: string[]) => commandInProcess(args);

it('before a history is published a trend says how to publish one', async () => {
  expect(await command('trend')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('history rebuild') });
});

it('a history is published, checked and listed', async () => {
  expect(await command('history', 'rebuild')).toMatchObject({
    code: 0,
    out: expect.stringContaining('censuses 1 to 4'),
  });
  expect(await command('history', 'verify')).toMatchObject({ code: 0, out: expect.stringContaining('is whole') });
  const { out } = await command('history', 'list', '--json');
  expect(JSON.parse(out)).toMatchObject({ series: 'weekly', revision: 1 });
  expect(await command('history', 'rebuild', '--series', 'none')).toMatchObject({ code: 2 });
});

it('a count of a query is split by what is asked, with the rest and the total, as of any date', async () => {
  const query = 'answering:yes (port:443 or port:6443)';
  const { out } = await command(
    'count',
    query,
    '--by',
    'distribution,minor',
    '--as-of',
    '2026-01-13',
    '--limit',
    '3',
    '--json',
  );
  const count = JSON.parse(out);
  const members = select(parseQuery(query), weeks[2] ?? []);
  expect(count).toMatchObject({ of: { censusNumber: 2 }, total: members.length });
  expect(count.cells).toHaveLength(3);
  const told = count.cells.reduce((sum: number, cell: { count: number }) => sum + cell.count, 0);
  expect(told + count.other.count).toBe(members.length);
  const text = (await command('count', query, '--by', 'distribution', '--limit', '2')).out;
  expect(text).toMatch(/^other \(\d+\) +\d+$/m);
  expect(text).toMatch(/^all +\d+$/m);
  expect(await command('count', 'port:443', '--live')).toMatchObject({ code: 2 });
  expect((await command('count', 'distribtion:eks')).err).toContain('column 1');
});

it('a trend counts what was there, in JSON and as a table', async () => {
  const query = 'distribution:eks or eol:yes';
  const { out } = await command('trend', query, '--json');
  expect(JSON.parse(out).total).toEqual(weeks.slice(1).map((week) => select(parseQuery(query), week).length));
  const table = await command('trend', '--by', 'distribution', '--limit', '2');
  expect(table).toMatchObject({ code: 0, err: '' });
  expect(table.out).toMatch(/^Series weekly, publication 1, endpoints by distribution\n/);
  expect(table.out.split('\n').filter((line) => line.startsWith('2026-'))).toHaveLength(4);
});

it('a search lists the endpoints, and says when there are more', async () => {
  const wanted = select(parseQuery('san:"*.internal" answering:yes'), weeks[4] ?? []);
  const whole = await command('search', 'san:"*.internal"', 'answering:yes', '--json', '--limit', '1000');
  expect(whole.out.trim().split('\n')).toHaveLength(wanted.length);
  const part = await command('search', 'answering:yes', '--limit', '2');
  expect(part.err).toContain('there are more');
  expect((await command('search', '--fields')).out).toContain('distribution:eks');
});

it('a difference tells the states between two dates', async () => {
  const { out } = await command('diff', '2026-01-05', '2026-01-26', '--json', '--limit', '10000');
  const { counts, rows } = JSON.parse(out);
  expect(rows.length).toBeGreaterThan(0);
  expect(counts.new + counts.unchanged + counts.changed).toBeGreaterThan(0);
  expect((await command('diff', '2026-01-05', '2026-01-26')).out).toContain('not-reached');
  expect(await command('diff', '2026-01-26', '2026-01-05')).toMatchObject({ code: 2 });
  const byNumber = await command('diff', '1', '4', '--json', '--limit', '10000');
  expect(JSON.parse(byNumber.out)).toMatchObject({ counts, earlier: { censusNumber: 1 }, later: { censusNumber: 4 } });
});

it('a slip in a query is one line that points at its column', async () => {
  const { code, err } = await command('trend', 'distribtion:eks');
  expect(code).toBe(2);
  expect(err).toBe(
    'kubecensus: column 1: there is no field distribtion; did you mean distribution? (QUERY_FIELD_UNKNOWN)\n',
  );
});

it('the week is written as files, and their names are said', async () => {
  const out = path.join(dataDir, 'reports');
  const { code, out: said } = await command('report', 'weekly', '--out', out, '--as-of', '2026-01-19');
  expect(code).toBe(0);
  expect(said.trim().split('\n')).toHaveLength(3);
  expect(said).toContain('2026-01-19.html');
});

it('a key is shown once, listed without itself, and revoked', async () => {
  const made = await command('keys', 'add', '--role', 'owner', '--label', 'Example', '--range', '203.0.113.0/24');
  expect(made.code).toBe(0);
  expect(made.out).toMatch(/^kc_[A-Za-z0-9_-]{43}\n$/);
  const listed = await command('keys', 'list');
  expect(listed.out).toContain('203.0.113.0/24');
  expect(listed.out).not.toContain(made.out.trim());
  expect((await command('keys', 'revoke', '1')).code).toBe(0);
  expect((await command('keys', 'revoke', '1')).code).toBe(2);
  expect((await command('keys', 'add', '--role', 'owner', '--label', 'x', '--range', '203.0.113.1/24')).code).toBe(2);
});
