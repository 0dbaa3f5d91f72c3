import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { type Database, openDatabase } from './index.ts';

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
});
afterAll(() => database.close());

async function withPort<T>(server: Server, use: (port: number) => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await use(typeof address === 'object' && address !== null ? address.port : 0);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a server by its address is brought up to this code, and each role is in force on its pool and in its address', async () => {
  const opened = await openDatabase({ url: database.url() });
  try {
    const { rows } = await opened.pool('prober').query('SELECT current_user AS now');
    expect(rows).toEqual([{ now: 'kubecensus_prober' }]);
    await expect(opened.pool('reader').query('DELETE FROM endpoints')).rejects.toMatchObject({ code: '42501' });
    const again = await openDatabase({ url: opened.url('prober') }, { migrations: 'check' });
    expect((await again.pool().query('SELECT current_user AS now')).rows).toEqual([{ now: 'kubecensus_prober' }]);
    await again.close();
  } finally {
    await opened.close();
  }
});

test('close is idempotent and ends every pool', async () => {
  const opened = await openDatabase({ url: database.url() });
  const pool = opened.pool('writer');
  await pool.query('SELECT 1');
  await Promise.all([opened.close(), opened.close()]);
  await opened.close();
  await expect(pool.query('SELECT 1')).rejects.toThrow('Cannot use a pool after calling end');
});

test('a database without our migrations is refused where they may only be checked', async () => {
  const empty = await createTestDatabase({ empty: true });
  await expect(openDatabase({ url: empty.url() }, { migrations: 'check' })).rejects.toMatchObject({
    code: 'DATABASE_SCHEMA_OLDER',
  });
  const { rows } = await empty.pool().query(`SELECT FROM pg_tables WHERE schemaname IN ('public', 'kubecensus')`);
  expect(rows).toEqual([]);
  await empty.close();
});

test('a port where nobody listens is named in one line, without the credentials', async () => {
  const port = await withPort(createServer(), async (free) => free);
  const failing = openDatabase({ url: `postgres://census:hunter2@127.0.0.1:${port}/kubecensus` });
  await expect(failing).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    exitCode: 1,
    message:
      `cannot reach PostgreSQL at 127.0.0.1 port ${port}, database kubecensus: connection refused; ` +
      'see that the server runs and that DATABASE_URL is right, or unset DATABASE_URL to use the embedded server',
  });
});

test('a server that takes the connection and never answers is given up within seconds', async () => {
  const sockets = new Set<{ destroy(): unknown }>();
  const silent = createServer((socket) => void sockets.add(socket));
  await withPort(silent, async (port) => {
    await expect(openDatabase({ url: `postgres://census@127.0.0.1:${port}/kubecensus` })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining(`127.0.0.1 port ${port}, database kubecensus: no answer`),
    });
    for (const socket of sockets) socket.destroy();
  });
});

test('a server that is no PostgreSQL is unreachable as one', async () => {
  const other = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  await withPort(other, async (port) => {
    await expect(openDatabase({ url: `postgres://127.0.0.1:${port}/kubecensus` })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    });
  });
});

test.each([
  ['a wrong password', { password: 'wrong' }, 'the password was refused'],
  ['a database that is not there', { pathname: '/nowhere' }, 'there is no such database'],
])('%s is told as that', async (_, change, reason) => {
  const url = Object.assign(new URL(database.url()), change);
  await expect(openDatabase({ url: url.href })).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    message: expect.stringContaining(reason),
  });
});

test.each(['mysql://census:hunter2@db/kubecensus', 'kubecensus', ''])('%j is no PostgreSQL address', async (url) => {
  const failure = await openDatabase({ url }).catch((caught: unknown) => caught);
  expect(failure).toMatchObject({ code: 'DATABASE_URL_INVALID', exitCode: 2 });
  expect(String(failure)).not.toContain('hunter2');
});
