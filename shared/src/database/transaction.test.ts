import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { classifyDatabaseError, type Database, toColumns, withClient, withTransaction } from './index.ts';

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true, max: 3 });
  await database.pool().query('CREATE TABLE tallies (name text PRIMARY KEY, total bigint NOT NULL)');
});
beforeEach(async () => {
  await database.pool().query(`TRUNCATE tallies; INSERT INTO tallies VALUES ('a', 0), ('b', 0)`);
});
afterAll(() => database.close());

async function readTotals(): Promise<Record<string, number>> {
  const { rows } = await database.pool().query<{ name: string; total: number }>('SELECT * FROM tallies');
  return Object.fromEntries(rows.map((row) => [row.name, row.total]));
}

test('a transaction is kept whole, and nothing of it where its function throws', async () => {
  await withTransaction(database.pool(), (client) => client.query(`UPDATE tallies SET total = 1`));
  const failing = withTransaction(database.pool(), async (client) => {
    await client.query(`UPDATE tallies SET total = 2`);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await readTotals()).toEqual({ a: 1, b: 1 });
});

test('a connection that is not to be kept ends with its transaction, committed or not', async () => {
  const pidOf = async (client: Parameters<Parameters<typeof withTransaction>[1]>[0]) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return rows[0]?.pid ?? Number.NaN;
  };
  const pids = [
    await withTransaction(database.pool(), pidOf, { keepConnection: false }),
    await withTransaction(database.pool(), pidOf, { keepConnection: false }),
  ];
  const failing = withTransaction(
    database.pool(),
    async (client) => {
      pids.push(await pidOf(client));
      throw new Error('changed my mind');
    },
    { keepConnection: false },
  );
  await expect(failing).rejects.toThrow('changed my mind');
  const kept = await withTransaction(database.pool(), pidOf);
  expect(new Set([...pids, kept]).size).toBe(4);
  expect(await withTransaction(database.pool(), pidOf)).toBe(kept);
});

test('two transactions that deadlock both come to their end, each once', async () => {
  const isFirst = new Set<string>();
  const waiting: (() => void)[] = [];
  const both = new Promise<void>((resolve) => {
    waiting.push(resolve);
  });
  async function add(first: string, second: string): Promise<void> {
    await withTransaction(database.pool(), async (client) => {
      await client.query('UPDATE tallies SET total = total + 1 WHERE name = $1', [first]);
      // Each holds one row before either asks for the other's; the run after the deadlock goes straight on.
      isFirst.add(first);
      if (isFirst.size === 2) waiting[0]?.();
      await both;
      await client.query('UPDATE tallies SET total = total + 1 WHERE name = $1', [second]);
    });
  }
  await Promise.all([add('a', 'b'), add('b', 'a')]);
  expect(await readTotals()).toEqual({ a: 2, b: 2 });
});

test('serializable transactions that read what the other wrote run again until one order explains them', async () => {
  const increment = () =>
    withTransaction(
      database.pool(),
      async (client) => {
        const { rows } = await client.query<{ total: number }>(`SELECT total FROM tallies WHERE name = 'a'`);
        await client.query(`UPDATE tallies SET total = $1 WHERE name = 'a'`, [(rows[0]?.total ?? 0) + 1]);
      },
      { isolation: 'serializable' },
    );
  await Promise.all([increment(), increment(), increment()]);
  expect(await readTotals()).toMatchObject({ a: 3 });
});

test('a statement that the server refuses is not run again', async () => {
  let runs = 0;
  const failing = withTransaction(database.pool(), async (client) => {
    runs += 1;
    await client.query(`INSERT INTO tallies VALUES ('a', 0)`);
  });
  await expect(failing).rejects.toMatchObject({ code: '23505' });
  expect(runs).toBe(1);
});

test('a connection that is cut while it is lent fails its borrower alone, and the pool goes on', async () => {
  const cut = withClient(database.pool(), async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await database.pool().query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await client.query('SELECT 1');
  });
  const failure = await cut.catch((caught: unknown) => caught);
  expect(classifyDatabaseError(failure)).toBe('reconnect');
  expect(await readTotals()).toEqual({ a: 0, b: 0 });
});

test('whole numbers of the database are numbers as long as they are exact', async () => {
  const { rows } = await database
    .pool()
    .query(`SELECT 4503599627370496::bigint AS index, 9223372036854775807::bigint AS large, count(*) FROM tallies`);
  expect(rows[0]).toEqual({ index: 2 ** 52, large: 9223372036854775807n, count: 2 });
});

test('rows go in by columns, in one statement, with every kind of value', async () => {
  const rows = [
    { name: 'c', total: 3, at: new Date(0), bytes: Buffer.from([0, 255]) },
    { name: 'quote " and \\', total: 4, at: null, bytes: Buffer.alloc(0) },
  ];
  const { rows: back } = await database
    .pool()
    .query(
      'SELECT * FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::bytea[]) AS r(name, total, at, bytes)',
      toColumns(rows, ['name', 'total', 'at', 'bytes']),
    );
  expect(back).toEqual(rows);
});

test.each([
  ['40001', 'run-again'],
  ['40P01', 'run-again'],
  ['08006', 'reconnect'],
  ['57P01', 'reconnect'],
  ['ECONNREFUSED', 'reconnect'],
  ['22P02', 'malformed'],
  ['23514', 'malformed'],
  ['42601', 'local'],
  ['ENOSPC', 'local'],
] as const)('a failure with code %s is %s', (code, expected) => {
  expect(classifyDatabaseError(Object.assign(new Error('failed'), { code }))).toBe(expected);
});

test('a failure without a code is our own, unless the connection was lost', () => {
  expect(classifyDatabaseError(new TypeError('x is undefined'))).toBe('local');
  expect(classifyDatabaseError(new Error('Connection terminated unexpectedly'))).toBe('reconnect');
});
