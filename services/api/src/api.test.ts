import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../shared/src/database/index.ts';
import { ERROR_CODES } from '../../../shared/src/errors/index.ts';
import { type History, openHistory, parseQuery, publishHistory } from '../../../shared/src/history/index.ts';
import { createTestDatabase } from '../../../test/support/database.ts';
import { select } from '../../../test/support/naive-query.ts';
import { rankOf } from '../../../test/support/rank-of.ts';
import { insertSeries } from '../../../test/support/record.ts';
import { insertRecordedHistory, type Weeks } from '../../../test/support/recorded-history.ts';
import { createKeyText, toKeyHash } from './access/api-key.ts';
import { isAllowed, PERMISSIONS, ROLES, type Role, type RouteName } from './access/permissions.ts';
import { createApi } from './create-api.ts';
import { toCell } from './export/csv-row.ts';
import { insertKey, listKeys, revokeKey } from './queries/api-keys.ts';
import { ROUTES } from './routes/index.ts';
import { createApiService } from './start-api.ts';

let database: Database;
let directory: string;
let history: History;
let weeks: Weeks;
let api: FastifyInstance;
const keys: Partial<Record<Role, string>> = {};
const logged: object[] = [];
const log = { info: (fields: object) => logged.push(fields), error: (fields: object) => logged.push(fields) };
const OWNED = '198.51.0.0/26';

async function makeKey(role: 'owner' | 'researcher' | 'admin', expiresAt = new Date('2100-01-01')): Promise<string> {
  const text = createKeyText();
  const hash = toKeyHash(text);
  if (hash === undefined) throw new Error('a new key has a hash');
  await insertKey(database.pool(), { hash, role, label: 'test', ranges: role === 'owner' ? [OWNED] : [], expiresAt });
  return text;
}

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'kubecensus-api-'));
  const seriesId = await insertSeries(database.pool(), 'weekly');
  ({ weeks } = await insertRecordedHistory(database.pool(), seriesId, { addresses: 120, weeks: 4, seed: 9 }));
  await publishHistory({ pool: database.pool('reader'), directory, series: 'weekly' });
  history = await openHistory({ directory });
  api = await createApi({ pool: database.pool('reader'), history, log, requestsPerMinute: 100_000 });
  for (const role of ['owner', 'researcher', 'admin'] as const) keys[role] = await makeKey(role);
});
afterAll(async () => {
  await api.close();
  await history.close();
  await rm(directory, { recursive: true, force: true });
  await database.close();
});

async function ask(url: string, role: Role = 'researcher', headers: Record<string, string> = {}) {
  const key = keys[role];
  return await api.inject({
    url,
    headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...headers },
  });
}

const EXAMPLES: Readonly<Record<RouteName, string>> = {
  live: '/health/live',
  ready: '/health/ready',
  openapi: '/v1/openapi.json',
  fields: '/v1/fields',
  series: '/v1/series',
  cubes: '/v1/public/cubes',
  count: '/v1/count?by=distribution&q=answering:yes',
  trend: '/v1/trend?unit=host',
  diff: '/v1/diff?earlier=2026-01-05&later=2026-01-26',
  search: '/v1/search?q=port:443',
  export: '/v1/export?q=port:443&format=shadowserver',
  scans: '/v1/scans?open=false&limit=2',
  exclusions: '/v1/exclusions?all=true',
  keys: '/v1/keys',
};

it.each(
  (Object.keys(PERMISSIONS) as RouteName[]).flatMap((route) => ROLES.map((role): [RouteName, Role] => [route, role])),
)('%s answers %s as the table of permissions says', async (route, role) => {
  const { statusCode, json } = await ask(EXAMPLES[route], role);
  if (isAllowed(route, role)) expect(statusCode).toBe(200);
  else expect([statusCode, json().code]).toEqual(role === 'public' ? [401, 'API_KEY_MISSING'] : [403, 'API_FORBIDDEN']);
});

it('the table of permissions names every route, and no other', () => {
  expect([...ROUTES.map(({ name }) => name), 'openapi'].sort()).toEqual(Object.keys(PERMISSIONS).sort());
});

it('an owner sees its own ranges in every answer, and nothing else', async () => {
  const own = select(parseQuery(`ip:${OWNED}`), weeks[4] ?? []).length;
  const whole = select(parseQuery(''), weeks[4] ?? []).length;
  expect(own).toBeGreaterThan(0);
  expect(own).toBeLessThan(whole);
  expect((await ask('/v1/count', 'owner')).json().total).toBe(own);
  expect((await ask('/v1/count?q=port:443 or *', 'owner')).json().total).toBe(own);
  expect((await ask('/v1/count', 'researcher')).json().total).toBe(whole);
  expect((await ask('/v1/trend?q=not ip:192.0.2.1', 'owner')).json().total.at(-1)).toBe(own);
  const { rows } = (await ask('/v1/search?limit=1000', 'owner')).json();
  expect(rows).toHaveLength(own);
  const lines = (await ask('/v1/search?format=ndjson', 'owner')).body.trim().split('\n');
  expect(lines).toHaveLength(own);
});

it('a key that is unknown, malformed, revoked or expired opens nothing, not even what is public', async () => {
  const revoked = await makeKey('admin');
  const newest = (await listKeys(database.pool())).at(-1);
  expect(await revokeKey(database.pool(), newest?.keyId ?? 0)).toBe(true);
  expect(await revokeKey(database.pool(), newest?.keyId ?? 0)).toBe(false);
  const expired = await makeKey('admin', new Date('2020-01-01'));
  for (const key of [revoked, expired, createKeyText(), 'kc_', "' OR true", '']) {
    const { statusCode, json, headers } = await api.inject({
      url: '/v1/fields',
      headers: { authorization: `Bearer ${key}` },
    });
    expect([key, statusCode, json().code]).toEqual([key, 401, 'API_KEY_INVALID']);
    expect(headers['www-authenticate']).toBe('Bearer');
  }
});

it('keys are kept as hashes alone, and each request is logged with the number of its key', async () => {
  const { rows } = await database.pool().query<{ row: string }>('SELECT api_keys::text AS row FROM api_keys');
  for (const { row } of rows) for (const key of Object.values(keys)) expect(row).not.toContain(key);
  logged.length = 0;
  await ask('/v1/fields', 'admin');
  expect(logged).toEqual([{ role: 'admin', keyId: expect.any(Number), route: '/v1/fields', status: 200 }]);
});

it('pages follow one another by the Link header, and joined they are the whole', async () => {
  let url: string | undefined = '/v1/search?q=answering:yes&limit=7';
  const found: string[] = [];
  while (url !== undefined) {
    const response = await ask(url);
    expect(response.statusCode).toBe(200);
    found.push(
      ...response.json().rows.map(({ address, port }: { address: string; port: number }) => `${address} ${port}`),
    );
    url = /^<([^>]+)>; rel="next"$/.exec(String(response.headers.link ?? ''))?.[1];
  }
  const expected = select(parseQuery('answering:yes'), weeks[4] ?? []).map(({ address, port }) => `${address} ${port}`);
  expect(found.length).toBe(expected.length);
  expect([...found].sort()).toEqual(expected.sort());
});

it('an answer that the asker has already is told so, until something is published', async () => {
  const url = '/v1/count?by=minor';
  const { headers } = await ask(url);
  const tag = String(headers.etag);
  expect(await ask(url, 'researcher', { 'if-none-match': `W/"other", ${tag}` })).toMatchObject({
    statusCode: 304,
    body: '',
  });
  expect((await ask(url, 'owner', { 'if-none-match': tag })).statusCode).toBe(200);
  expect((await ask('/v1/count', 'researcher', { 'if-none-match': tag })).statusCode).toBe(200);
  await publishHistory({ pool: database.pool('reader'), directory, series: 'weekly', force: true });
  expect((await ask(url, 'researcher', { 'if-none-match': tag })).statusCode).toBe(200);
});

it.each([
  ['/v1/count?q=distribtion:eks', 400, 'QUERY_FIELD_UNKNOWN', { column: 1, proposal: 'distribution' }],
  ['/v1/count?q=(port:1', 400, 'QUERY_SYNTAX', { column: 8 }],
  ['/v1/count?by=ip', 400, 'QUERY_DIMENSION_UNKNOWN', {}],
  ['/v1/count?unit=planet', 400, 'API_REQUEST_INVALID', {}],
  ['/v1/count?colour=red', 400, 'API_REQUEST_INVALID', {}],
  ['/v1/count?series=none', 404, 'HISTORY_NOT_PUBLISHED', {}],
  ['/v1/count?asOf=2001-01-01', 404, 'QUERY_CENSUS_UNKNOWN', {}],
  ['/v1/search?series=none', 404, 'QUERY_SERIES_UNKNOWN', {}],
  ['/v1/search?cursor=x', 400, 'API_CURSOR_INVALID', {}],
  [`/v1/search?cursor=${Buffer.from('[1,1,"x",1,"kubelet"]').toString('base64url')}`, 400, 'API_CURSOR_INVALID', {}],
  ['/v1/search?limit=0', 400, 'API_REQUEST_INVALID', {}],
  ['/v1/nothing', 404, 'API_NOT_FOUND', {}],
  ['/v1/%zz', 400, 'API_REQUEST_INVALID', {}],
  ['/v1/public/cubes?asOf=2026-99-99', 400, 'API_REQUEST_INVALID', {}],
  ['/v1/count?asOf=0000-00-00', 400, 'API_REQUEST_INVALID', {}],
  ['/v1/count?asOf=2026-02-31', 400, 'API_REQUEST_INVALID', {}],
  ['/v1/search?asOf=2026-02-31', 400, 'API_REQUEST_INVALID', {}],
  ['/v1/export?asOf=2026-02-31', 400, 'API_REQUEST_INVALID', {}],
  ['/v1/trend?from=2026-02-31', 400, 'API_REQUEST_INVALID', {}],
  ['/v1/diff?earlier=2026-01-05&later=2026-01-99', 400, 'API_REQUEST_INVALID', {}],
  ['/v1/diff?earlier=2026-01-26&later=2026-01-05', 400, 'QUERY_CENSUSES_ORDER', {}],
  ['/v1/diff?earlier=2026-01-05&later=2026-01-05', 400, 'QUERY_CENSUSES_ORDER', {}],
] as const)('%s is a problem %i with the code %s', async (url, status, code, more) => {
  const { statusCode, headers, json } = await ask(url);
  expect(headers['content-type']).toContain('application/problem+json');
  expect(json()).toMatchObject({
    status,
    code,
    type: `urn:kubecensus:error:${code}`,
    title: ERROR_CODES[code].meaning,
    ...more,
  });
  expect(statusCode).toBe(status);
});

it('more requests than are allowed are refused with the time to wait', async () => {
  const slow = await createApi({ pool: database.pool('reader'), history, log, requestsPerMinute: 2 });
  try {
    const ask = () => slow.inject({ url: '/v1/fields' });
    expect([(await ask()).statusCode, (await ask()).statusCode]).toEqual([200, 200]);
    const { statusCode, headers, json } = await ask();
    expect([statusCode, json().code]).toEqual([429, 'API_RATE_LIMITED']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(headers['ratelimit-remaining']).toBe('0');
  } finally {
    await slow.close();
  }
});

it('a month is asked for as its last day is, and an instant as itself', async () => {
  const numberAt = async (asOf: string) => (await ask(`/v1/count?asOf=${asOf}`)).json().of.censusNumber;
  expect(await numberAt('2026-01')).toBe(await numberAt('2026-01-31'));
  expect(await numberAt('2026')).toBe(4);
  expect(await numberAt('2026-01-05T23:59:59Z')).toBe(1);
});

it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'] as const)('%s is no method of a path that there is', async (method) => {
  for (const url of ['/v1/count', '/v1/openapi.json', '/health/live']) {
    const { statusCode, headers, json } = await api.inject({
      method,
      url,
      ...(method === 'POST' && { payload: '<x/>', headers: { 'content-type': 'text/xml' } }),
    });
    expect([url, statusCode, json().code]).toEqual([url, 405, 'API_METHOD_NOT_ALLOWED']);
    expect(headers.allow).toBe('GET, HEAD');
    expect(headers['content-type']).toContain('application/problem+json');
  }
  expect((await api.inject({ method, url: '/v1/nothing' })).statusCode).toBe(404);
});

it('a page of endpoints has a tag of its own, spares who has it, and has no number of the record in it', async () => {
  const url = '/v1/search?q=port:443&limit=5';
  const page = await ask(url);
  expect(page.json().rows).toHaveLength(5);
  expect(page.body).not.toContain('evidenceId');
  expect((await ask('/v1/search?q=port:443&limit=1000')).body).not.toContain('evidenceId');
  const tag = String(page.headers.etag);
  for (const known of [tag, tag.slice(2), '*']) {
    const { statusCode, body } = await ask(url, 'researcher', { 'if-none-match': known });
    expect([known, statusCode, body]).toEqual([known, 304, '']);
  }
  expect((await ask('/v1/search?limit=6', 'researcher', { 'if-none-match': tag })).statusCode).toBe(200);
  expect((await ask('/v1/count', 'researcher', { 'if-none-match': '*' })).statusCode).toBe(304);
  expect((await ask('/v1/search?limit=0', 'researcher', { 'if-none-match': '*' })).statusCode).toBe(400);
});

it('health has no limit, and one that watches takes nothing from others', async () => {
  const slow = await createApi({ pool: database.pool('reader'), history, log, requestsPerMinute: 2 });
  try {
    for (let time = 0; time < 20; time += 1) {
      for (const url of ['/health/live', '/health/ready']) expect((await slow.inject({ url })).statusCode).toBe(200);
    }
    expect((await slow.inject({ url: '/v1/fields' })).statusCode).toBe(200);
  } finally {
    await slow.close();
  }
});

it('behind a proxy that is trusted each address has its own limit, and nobody else names addresses', async () => {
  const statusesFrom = async (trustedProxies?: string) => {
    const slow = await createApi({
      pool: database.pool('reader'),
      history,
      log,
      requestsPerMinute: 1,
      ...(trustedProxies !== undefined && { trustedProxies }),
    });
    try {
      const statuses: number[] = [];
      for (const from of ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.1']) {
        const asked = await slow.inject({ url: '/v1/fields', headers: { 'x-forwarded-for': from } });
        statuses.push(asked.statusCode);
      }
      return statuses;
    } finally {
      await slow.close();
    }
  };
  expect(await statusesFrom('127.0.0.0/8, ::1')).toEqual([200, 200, 200, 429]);
  expect(await statusesFrom()).toEqual([200, 429, 429, 429]);
  expect(await statusesFrom('198.51.100.0/24')).toEqual([200, 429, 429, 429]);
});

it('what is no HTTP is told so as a problem', async () => {
  const bare = await createApi({ pool: database.pool('reader'), history, log });
  try {
    await bare.listen({ host: '127.0.0.1', port: 0 });
    const { port } = bare.server.address() as AddressInfo;
    for (const [sent, status] of [
      ['no request at all\r\n\r\n', '400 Bad Request'],
      [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, '431 Request Header Fields Too Large'],
    ] as const) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(sent);
      const [head, body] = (await text(socket)).split('\r\n\r\n');
      expect(head).toContain(`HTTP/1.1 ${status}\r\ncontent-type: application/problem+json`);
      expect(JSON.parse(body ?? '')).toMatchObject({ code: 'API_REQUEST_INVALID', status: Number(status.slice(0, 3)) });
    }
  } finally {
    await bare.close();
  }
});

it('the description that is kept beside the documents is that of the routes', async () => {
  const { body } = await ask('/v1/openapi.json', 'public');
  const kept = `${JSON.stringify(JSON.parse(body), null, 2)}\n`;
  // After a change of a route: npx vitest run services/api -u
  await expect(kept).toMatchFileSnapshot('../../../docs/openapi.json');
});

it('whoever guesses keys is slowed down by its address, and a key has a limit of its own', async () => {
  const slow = await createApi({ pool: database.pool('reader'), history, log, requestsPerMinute: 2 });
  try {
    const guess = () => slow.inject({ url: '/v1/fields', headers: { authorization: `Bearer ${createKeyText()}` } });
    const known = () => slow.inject({ url: '/v1/fields', headers: { authorization: `Bearer ${keys.admin ?? ''}` } });
    expect([(await known()).statusCode, (await known()).statusCode, (await known()).statusCode]).toEqual([
      200, 200, 429,
    ]);
    const statuses: number[] = [];
    for (let time = 0; time < 7; time += 1) statuses.push((await guess()).statusCode);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  } finally {
    await slow.close();
  }
});

it('the description has every route with its parameters and roles, as OpenAPI 3.1', async () => {
  const description = (await ask('/v1/openapi.json', 'public')).json();
  expect(description.openapi).toBe('3.1.0');
  expect(Object.keys(description.paths)).toEqual(ROUTES.map((route) => route.path));
  for (const route of ROUTES) {
    const { get: operation } = description.paths[route.path];
    expect(operation.operationId).toBe(route.name);
    expect(operation.parameters.map(({ name }: { name: string }) => name)).toEqual(
      Object.keys(route.parameters.properties),
    );
    expect(operation['x-roles']).toEqual(PERMISSIONS[route.name]);
  }
});

it('CSV has a header, quotes what must be, and starts no formula', async () => {
  const { body, headers } = await ask('/v1/search?format=csv&q=port:443');
  expect(headers['content-type']).toContain('text/csv');
  const lines = body.trimEnd().split('\r\n');
  expect(lines[0]).toMatch(/^address,port,component,/);
  expect(lines).toHaveLength(1 + select(parseQuery('port:443'), weeks[4] ?? []).length);
  expect(toCell('=cmd()')).toBe("'=cmd()");
  expect(toCell('a"b,c')).toBe('"a""b,c"');
  expect(toCell(['x', 'y'])).toBe('x y');
});

/** Every census as the public is told of it, with the populations that it was told of. */
async function tellEverything() {
  const { told } = (await ask('/v1/public/cubes', 'public')).json();
  return await Promise.all(
    told.map(async (day: string, at: number) => {
      const { cube } = (await ask(`/v1/public/cubes?asOf=${day}`, 'public')).json();
      return { cube, members: select(parseQuery(''), weeks[at + 1] ?? []) };
    }),
  );
}

const toKey = ({ distribution, minor }: { distribution: unknown; minor: unknown }) =>
  JSON.stringify([distribution, minor]);

it('no sum or difference of all that the public is told, over all censuses together, gives a hidden cell', async () => {
  const everything = await tellEverything();
  expect(everything).toHaveLength(4);
  // Unknown: how many are in each cell of each week. The asker may know which cells there are.
  const unknown: string[] = [];
  const told: string[][] = [];
  const hidden: string[] = [];
  for (const { cube, members } of everything) {
    const { censusNumber, cells, rest, total } = cube;
    const keys = [...new Set<string>(members.map(toKey))];
    const name = (key: string) => `${censusNumber} ${key}`;
    unknown.push(...keys.map(name));
    expect(total).toBe(members.length);
    const shown = new Set<string>(cells.map(toKey));
    for (const cell of cells) {
      expect(cell.count).toBe(
        members.filter((one: { distribution: unknown; minor: unknown }) => toKey(one) === toKey(cell)).length,
      );
      told.push([name(toKey(cell))]);
    }
    const others = keys.filter((key) => !shown.has(key)).map(name);
    expect(rest).toBe(members.length - cells.reduce((sum: number, { count }: { count: number }) => sum + count, 0));
    told.push(others, keys.map(name));
    hidden.push(...others);
  }
  expect(hidden.length).toBeGreaterThan(20);
  expect(hidden.length).toBeLessThan(unknown.length);
  const toRow = (of: readonly string[]) => unknown.map((one) => (of.includes(one) ? 1n : 0n));
  const rank = rankOf(told.map(toRow));
  for (const one of hidden) expect(rankOf([...told, [one]].map(toRow))).toBe(rank + 1);
});

it('what was told of a census is never told anew, whatever was revised or taken out since', async () => {
  const before = await tellEverything();
  const { rows } = await database
    .pool()
    .query<{ evidence_id: number }>(
      `DELETE FROM sightings WHERE sighting_id = (SELECT min(sighting_id) FROM sightings) RETURNING evidence_id`,
    );
  expect(rows).toHaveLength(1);
  const reader = database.pool('reader');
  const { changed } = await publishHistory({
    pool: reader,
    directory,
    series: 'weekly',
    because: 'opt-out',
    erase: true,
  });
  expect(changed).toBe(true);
  expect(await tellEverything()).toEqual(before);
  const series = await ask('/v1/series', 'public');
  expect(series.json().series[0].censuses[0]).toEqual({
    censusNumber: 1,
    asOf: expect.any(String),
    revision: expect.any(Number),
    revisionReason: 'completed',
    publishedAt: expect.any(String),
  });
  expect(series.body).not.toMatch(/endpoints|hosts|rows|bytes|sha256|digest/);
});

it('a reader that stops reading is not read for, and one that goes away ends its stream', async () => {
  const address = await api.listen({ host: '127.0.0.1', port: 0 });
  expect(address).toContain('127.0.0.1');
  const { port } = api.server.address() as AddressInfo;
  const request = get({
    host: '127.0.0.1',
    port,
    path: '/v1/search?format=ndjson',
    headers: { authorization: `Bearer ${keys.researcher ?? ''}` },
  });
  const [response] = await once(request, 'response');
  expect(response.headers['content-type']).toBe('application/x-ndjson');
  const closed = once(response, 'close');
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  response.destroy();
  await closed;
});

it('beyond loopback the api does not start without keys', async () => {
  const bare = await createTestDatabase();
  try {
    const start = (host: string) => createApiService({ pool: bare.pool('reader'), history, log, host, port: 0 });
    const open = start('0.0.0.0');
    await expect(open.start()).rejects.toMatchObject({ code: 'API_KEYS_NEEDED' });
    const local = start('127.0.0.1');
    await local.start();
    await local.close();
  } finally {
    await bare.close();
  }
});

it('the document of questions says of each role what the table of permissions says', async () => {
  const text = await readFile(new URL('../../../docs/questions.md', import.meta.url), 'utf8');
  for (const role of ROLES) expect(text).toMatch(new RegExp(`^\\| ${role}\\b`, 'm'));
});
