import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPassableHome, layOutData } from '../../../../test/support/laid-out-data.ts';
import { type EmbeddedServer, startEmbeddedServer } from './embedded-server.ts';

const isRoot = process.getuid?.() === 0;

let home: string;
let data: Awaited<ReturnType<typeof layOutData>>;
const started: EmbeddedServer[] = [];
beforeAll(async () => {
  data = await layOutData();
});
afterAll(() => data.remove());

beforeEach(async () => {
  home = await createPassableHome();
});
afterEach(async () => {
  const servers = started.splice(0);
  for (const server of servers) await server.stop();
  // Below a private directory the store lies outside of `home`.
  for (const server of servers) await rm(server.storeDir, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
});

async function start(dataDir: string): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ dataDir, settings: { fsync: 'off' } });
  started.push(server);
  return server;
}

async function createDataDir(): Promise<string> {
  const dataDir = path.join(home, 'data');
  await data.copyTo(dataDir);
  return dataDir;
}

async function query(server: EmbeddedServer, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url('owner') });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('what was committed is there at the next start', async () => {
  const dataDir = await createDataDir();
  const first = await start(dataDir);
  await query(first, `CREATE TABLE notes AS SELECT 'kept' AS note`);
  await first.stop();
  expect(await query(await start(dataDir), 'SELECT note FROM notes')).toEqual([{ note: 'kept' }]);
});

test('a second owner of a directory is refused at once and changes nothing in it', async () => {
  const dataDir = await createDataDir();
  const server = await start(dataDir);
  const before = await readdir(dataDir);
  await expect(startEmbeddedServer({ dataDir })).rejects.toMatchObject({
    code: 'DATABASE_BUSY',
    exitCode: 1,
    message: expect.stringMatching(
      new RegExp(`^data directory ${dataDir} is in use by process ${process.pid} .*--data-dir$`),
    ),
  });
  expect(await readdir(dataDir)).toEqual(before);
  expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('of two owners that start at once on a new directory one gets it', async () => {
  const dataDir = path.join(home, 'data');
  const both = await Promise.allSettled([start(dataDir), start(dataDir)]);
  expect(both.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected']);
  const refused = both.find((end) => end.status === 'rejected');
  expect(refused?.reason).toMatchObject({ code: 'DATABASE_BUSY' });
});

test('a server that was killed recovers what was committed', async () => {
  const dataDir = await createDataDir();
  const first = await start(dataDir);
  await query(first, `CREATE TABLE notes AS SELECT 'committed' AS note`);
  process.kill(first.pid, 'SIGKILL');
  await first.stop();
  expect(await query(await start(dataDir), 'SELECT note FROM notes')).toEqual([{ note: 'committed' }]);
});

test('a pid file whose number now belongs to another program does not keep the server from starting', async () => {
  const dataDir = await createDataDir();
  const first = await start(dataDir);
  const pidFile = path.join(first.storeDir, 'postgresql', 'postmaster.pid');
  const lines = (await readFile(pidFile, 'utf8')).split('\n');
  await first.stop();
  await writeFile(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
  expect(await query(await start(dataDir), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('an end in the middle of the layout leaves nothing in the way of the next start', async () => {
  const dataDir = path.join(home, 'data');
  await mkdir(path.join(dataDir, 'postgresql.new-broken'), { recursive: true });
  await writeFile(path.join(dataDir, 'postgresql.new-broken', 'PG_VERSION'), '18\n');
  const server = await start(dataDir);
  expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect((await readdir(dataDir)).filter((name) => name.startsWith('postgresql.new'))).toEqual([]);
});

test('data of another major version is refused and left alone', async () => {
  const cluster = path.join(home, 'data', 'postgresql');
  await mkdir(cluster, { recursive: true });
  await writeFile(path.join(cluster, 'PG_VERSION'), '12\n');
  await expect(start(path.join(home, 'data'))).rejects.toMatchObject({
    code: 'DATABASE_VERSION_MISMATCH',
    message: expect.stringContaining('written by PostgreSQL 12'),
  });
  expect(await readdir(cluster)).toEqual(['PG_VERSION']);
});

test('a server that does not start says why and gives the directory back', async () => {
  const dataDir = await createDataDir();
  const failing = startEmbeddedServer({ dataDir, settings: { max_connections: 'many' } });
  await expect(failing).rejects.toMatchObject({
    code: 'DATABASE_START_FAILED',
    message: expect.stringMatching(/exit code 1.*max_connections.*many/),
  });
  expect(await query(await start(dataDir), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a file in the place of the data directory is refused by name', async () => {
  await writeFile(path.join(home, 'file'), '');
  await expect(start(path.join(home, 'file', 'data'))).rejects.toMatchObject({
    code: 'DATABASE_DATA_DIR_INVALID',
    exitCode: 2,
    message: expect.stringContaining(`${path.join(home, 'file', 'data')} cannot be used`),
  });
});

test('below a private directory the server of root lies elsewhere, and is found again from there', async () => {
  const dataDir = path.join(home, 'private', 'data');
  await mkdir(path.join(home, 'private'), { mode: 0o700 });
  const first = await start(dataDir);
  expect(first.storeDir === first.dataDir).toBe(!isRoot);
  await query(first, `CREATE TABLE notes AS SELECT 'kept' AS note`);
  await first.stop();
  const second = await start(dataDir);
  expect(second.storeDir).toBe(first.storeDir);
  expect(await query(second, 'SELECT note FROM notes')).toEqual([{ note: 'kept' }]);
  expect((await stat(path.join(home, 'private'))).mode & 0o777).toBe(0o700);
});

test('data that the directory points to and that is gone is named, and nothing is made in its place', async () => {
  const dataDir = path.join(home, 'data');
  await mkdir(dataDir);
  await writeFile(path.join(dataDir, 'database.location'), `${home}/gone\n`);
  await expect(start(dataDir)).rejects.toMatchObject({
    code: 'DATABASE_DATA_MISSING',
    message: expect.stringContaining(`${home}/gone`),
  });
});

test('a data directory too deep for a socket works', async () => {
  const server = await start(path.join(home, 'd'.repeat(100), 'data'));
  expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  const socketDir = decodeURIComponent(new URL(server.url('owner')).hostname);
  await server.stop();
  await rm(socketDir, { recursive: true });
});

test('passwords are in a file that only their owner may read, and nobody gets in without', async () => {
  const server = await start(await createDataDir());
  expect((await stat(path.join(server.storeDir, 'passwords.json'))).mode & 0o777).toBe(0o600);
  const url = new URL(server.url('owner'));
  url.password = 'wrong';
  const client = new pg.Client({ connectionString: url.href });
  client.on('error', () => undefined);
  await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  const ended = once(client, 'end');
  await client.end();
  await ended.catch(() => undefined);
});
