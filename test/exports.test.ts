import { execFileSync } from 'node:child_process';
import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { SHADOWSERVER_COLUMNS } from '../services/api/src/export/shadowserver-columns.ts';
import { CLASSIFIER } from '../services/indexer/src/evidence/classifier.ts';
import { importObservations } from '../services/indexer/src/import/import-observations.ts';
import type { Database } from '../shared/src/database/index.ts';
import { openDuckDb } from '../shared/src/history/duckdb.ts';
import type { Observation } from '../shared/src/messages/index.ts';
import { createTestDatabase } from './support/database.ts';
import { commandInProcess } from './support/in-process-command.ts';
import { apiServerRefusing, apiServerSaying, insertScan, insertSeries, presentApiServer } from './support/record.ts';

let database: Database;
let directory: string;
let original: string;

const HOSTS = 40;
const PAGE_AND_MORE = 620;

/** As a scan would have found them, with everything that an observation can carry. */
const seen: Observation[] = Array.from({ length: HOSTS }, (_, at) => {
  const address = at % 5 === 4 ? `2001:db8::${at}` : `198.51.100.${at}`;
  const found =
    at % 3 === 0
      ? apiServerSaying(`v1.${25 + (at % 8)}.3`, address, at + 1)
      : at % 3 === 1
        ? apiServerRefusing(401, address, at + 1)
        : presentApiServer(address, at + 1);
  return {
    ...found,
    observedAt: 1_760_000_000_000 + at,
    ...(at % 4 === 0 && { connectMs: at, possession: 'proved' }),
    ...(at % 7 === 0 && { secondConnection: 'fallback' }),
  };
});

const command = (args: readonly string[], input = '') => commandInProcess(args, input);
const lines = (text: string) => text.split('\n').filter((line) => line !== '');
const count = async (sql: string) => Number((await database.pool().query<{ n: number }>(sql)).rows[0]?.n);

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'kubecensus-exports-'));
  vi.stubEnv('DATABASE_URL', database.url());
  vi.stubEnv('KUBECENSUS_DATA_DIR', directory);
  async function* batches() {
    yield seen.map((observation, at) => ({ lineNumber: at + 1, kind: 'found', observation }) as const);
  }
  await importObservations(
    { pool: database.pool('writer'), classifier: CLASSIFIER, origin: 'the test', method: {} },
    batches(),
  );
  original = (await command(['export', '--scan', '1'])).out;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
  await database.close();
});

it('an export, imported and exported again, is the same byte for byte', async () => {
  expect(lines(original)).toHaveLength(HOSTS);
  const file = path.join(directory, 'own.ndjson');
  expect(await command(['export', '--scan', '1', '--out', file])).toMatchObject({ code: 0, out: '' });
  expect(await readFile(file, 'utf8')).toBe(original);
  const imported = await command(['import', file, '--json']);
  const { scanId, ...said } = JSON.parse(imported.out);
  expect(said).toEqual({ endpoints: HOSTS, linesTaken: HOSTS, linesWithoutFinding: 0, refused: 0, refusals: [] });
  expect((await command(['export', '--scan', scanId])).out).toBe(original);
  for (const line of lines(original)) {
    const { observation, distribution } = JSON.parse(line);
    expect(seen).toContainEqual(observation);
    expect(distribution).toEqual(expect.any(String));
  }
  const { rows } = await database.pool().query('SELECT kind, origin, state FROM scans WHERE scan_id = $1', [scanId]);
  expect(rows).toEqual([{ kind: 'import', origin: 'own.ndjson', state: 'completed' }]);
});

it('an export of a census is the same when it was imported', async () => {
  const pool = database.pool();
  const seriesId = await insertSeries(pool, 'weekly');
  const scanId = await insertScan(pool, { seriesId, asOf: '2025-10-09T00:00:00Z' });
  await pool.query(`UPDATE scans SET state = 'completed' WHERE scan_id = $1`, [scanId]);
  await pool.query(
    `INSERT INTO censuses (series_id, census_number, scan_id, as_of, started_at, completed_at, method, vantage,
                           target_count, looked_at, outcomes)
     VALUES ($1, 1, $2, '2025-10-09', '2025-10-09', '2025-10-09', '{}', '{}', 1000, 1000, '{}')`,
    [seriesId, scanId],
  );
  await pool.query(
    `INSERT INTO observations SELECT (json_populate_record(seen, json_build_object('scan_id', $1::bigint))).*
     FROM observations AS seen WHERE scan_id = 1`,
    [scanId],
  );
  await pool.query(
    `INSERT INTO endpoints (address, port, component, outcome, evidence_id, first_seen_at, last_seen_at, last_looked_at,
                            last_scan_id)
     SELECT address, port, component, outcome, evidence_id, observed_at, observed_at, observed_at, scan_id
     FROM observations WHERE scan_id = $1`,
    [scanId],
  );
  await pool.query(
    `INSERT INTO sightings (series_id, endpoint_id, evidence_id, first_census)
     SELECT $1, endpoint_id, evidence_id, 1 FROM endpoints`,
    [seriesId],
  );
  const census = (await command(['export', '--series', 'weekly'])).out;
  expect(census).toBe(original);
  const imported = JSON.parse((await command(['import', '-', '--json'], census)).out);
  expect((await command(['export', '--scan', imported.scanId])).out).toBe(census);
  expect(lines((await command(['export', 'port:443 or version<1.27'])).out).length).toBeLessThan(HOSTS);
  await pool.query('TRUNCATE sightings, endpoints, censuses CASCADE');
});

it('an import opens and closes nothing: no series, no sighting, no current state, no dial', async () => {
  expect(await count('SELECT count(*) AS n FROM sightings')).toBe(0);
  expect(await count('SELECT count(*) AS n FROM endpoints')).toBe(0);
  expect(await count('SELECT count(*) AS n FROM censuses')).toBe(0);
  expect((await command(['touches', '198.51.100.1'])).out).toContain('no scan of this record had it');
  expect((await command(['scans', '--json'])).out).toContain('"kind":"import"');
});

it('lines of zgrab2 carry the same evidence as ours', async () => {
  const zgrab = (await command(['export', '--scan', '1', '--format', 'zgrab2'])).out;
  const { scanId } = JSON.parse((await command(['import', '-', '--json', '--origin', 'zgrab2'], zgrab)).out);
  const strip = (text: string) =>
    lines(text).map((line) => {
      const { observation, ...rest } = JSON.parse(line);
      const { durationMs: _unsaid, connectMs: _neither, ...said } = observation;
      return { ...rest, observation: said };
    });
  expect(strip((await command(['export', '--scan', scanId])).out)).toEqual(strip(original));
});

it("of another scanner's http and tls lines the certificates and the answer are taken", async () => {
  const [{ evidence }] = seen as [Observation];
  const [raw] = evidence.chain;
  const body = Buffer.from(evidence.response?.body ?? '', 'base64').toString();
  const log = { handshake_log: { server_certificates: { certificate: { raw }, chain: [{ raw }] } } };
  const http = {
    ip: '198.51.100.200',
    data: {
      http: {
        status: 'success',
        protocol: 'http',
        timestamp: '2026-03-01T10:00:00Z',
        result: {
          response: {
            status_code: 200,
            body,
            headers: { content_type: ['application/json'], date: ['now'] },
            request: { tls_log: log },
          },
        },
      },
    },
  };
  const tls = {
    ip: '198.51.100.201',
    data: { tls: { status: 'success', timestamp: '2026-03-01T10:00:01Z', result: log } },
  };
  const refused = { ip: '198.51.100.202', data: { http: { status: 'connection-refused', protocol: 'http' } } };
  const input = [http, tls, refused].map((line) => JSON.stringify(line)).join('\n');
  const { scanId, ...said } = JSON.parse((await command(['import', '-', '--port', '6443', '--json'], input)).out);
  expect(said).toMatchObject({ endpoints: 2, linesTaken: 2, linesWithoutFinding: 1 });
  const [answered, present] = lines((await command(['export', '--scan', scanId])).out).map((line) => JSON.parse(line));
  expect(answered).toMatchObject({ address: '198.51.100.200', port: 6443, outcome: 'answered', version: 'v1.25.3' });
  expect(answered.observation.evidence.response.headers).toEqual([['content-type', 'application/json']]);
  expect(present).toMatchObject({ outcome: 'present', observation: { evidence: { chainLength: 2 } } });
  const { rows } = await database.pool().query('SELECT as_of FROM scans WHERE scan_id = $1', [scanId]);
  expect(rows[0].as_of.toISOString()).toBe('2026-03-01T10:00:01.000Z');
  expect((await command(['import', '-'], JSON.stringify(http))).err).toContain(
    'line 1: "http": the line names no port',
  );
});

it('one refused line and nothing is taken in; each is told with its number; told to, the others are taken', async () => {
  const before = await count('SELECT count(*) AS n FROM observations');
  const [good = '', other = ''] = lines(original);
  const bad = [
    '{"observation": {"address": "198.51.100.9"}}',
    'not json\u001b[2J',
    '[1]',
    '{"ip": "no.address", "data": {}}',
    '{"ip": "198.51.100.9", "data": {"ssh": {}}}',
    good.replace('"port":6443', '"port":70000').replace('"port":6443', '"port":70000'),
    '{"observation": null, "__proto__": {"polluted": 1}}',
    toNamed(good, { address: '198.51.100.9' }),
    toNamed(good, { component: 'kubelet' }),
  ];
  const input = [good, '', ...bad, other].join('\r\n');
  const refused = await command(['import', '-'], input);
  expect(refused).toMatchObject({ code: 2, out: '' });
  for (const number of [3, 4, 5, 6, 7, 8, 9, 10, 11]) expect(refused.err).toContain(`line ${number}: `);
  expect(refused.err).not.toContain('\u001b');
  expect(await count('SELECT count(*) AS n FROM observations')).toBe(before);
  const scans = await count('SELECT count(*) AS n FROM scans');
  const taken = JSON.parse((await command(['import', '-', '--skip-refused', '--json'], input)).out);
  expect(taken).toMatchObject({ endpoints: 2, linesTaken: 2, refused: 9 });
  expect(taken.refusals.map(({ lineNumber }: { lineNumber: number }) => lineNumber)).toEqual([
    3, 4, 5, 6, 7, 8, 9, 10, 11,
  ]);
  expect(await count('SELECT count(*) AS n FROM scans')).toBe(scans + 1);
  expect(await command(['import', '-'], '\n\n')).toMatchObject({
    code: 2,
    err: expect.stringContaining('IMPORT_EMPTY'),
  });
  expect(await command(['import', path.join(directory, 'none')])).toMatchObject({ code: 2 });
  expect(await count('SELECT count(*) AS n FROM scans')).toBe(scans + 1);
});

/** The line of an export, with other words about the endpoint around what was seen of it. */
function toNamed(line: string, words: object): string {
  return JSON.stringify({ ...JSON.parse(line), ...words });
}

it('a table of ours is no import: it is refused by one line that says what to export', async () => {
  for (const format of ['csv', 'shadowserver']) {
    const table = (await command(['export', '--scan', '1', '--format', format])).out;
    const refused = await command(['import', '-'], table);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toMatch(/^kubecensus: standard input is a table, .*--format ndjson.* \(IMPORT_REFUSED\)\n$/);
  }
});

it('a refusal behind many good lines leaves none of them', async () => {
  const before = await count('SELECT count(*) AS n FROM observations');
  const [good = ''] = lines(original);
  const many = Array.from({ length: PAGE_AND_MORE }, (_, at) =>
    good.replaceAll('198.51.100.0', `198.51.${101 + Math.floor(at / 250)}.${at % 250}`),
  );
  const input = (tail: string) => [...many, tail].join('\n');
  expect(await command(['import', '-'], input('{'))).toMatchObject({
    code: 2,
    err: expect.stringContaining(`line ${PAGE_AND_MORE + 1}: `),
  });
  expect(await count('SELECT count(*) AS n FROM observations')).toBe(before);
  // Several pages, and the same targets twice: the second finding of a target replaces nothing.
  const { scanId, ...said } = JSON.parse((await command(['import', '-', '--json'], input(many[0] ?? ''))).out);
  expect(said).toMatchObject({ endpoints: PAGE_AND_MORE, linesTaken: PAGE_AND_MORE + 1 });
  const exported = lines((await command(['export', '--scan', scanId])).out);
  expect(new Set(exported).size).toBe(PAGE_AND_MORE);
});

it('two imports at once are taken in one after the other', async () => {
  const file = path.join(directory, 'own.ndjson');
  const both = await Promise.all([command(['import', file, '--json']), command(['import', file, '--json'])]);
  const ids = both.map(({ out }) => JSON.parse(out).scanId);
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect((await command(['export', '--scan', id])).out).toBe(original);
});

it('an export goes into no directory, Parquet into no pipe, and neither touches what lies beside it', async () => {
  const home = await mkdtemp(path.join(directory, 'own-'));
  expect(await command(['export', '--scan', '1', '--out', home])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/ is a directory.*EXPORT_UNWRITABLE/),
  });
  const pipe = path.join(home, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(await command(['export', '--scan', '1', '--format', 'parquet', '--out', pipe])).toMatchObject({
    code: 1,
    err: expect.stringContaining('EXPORT_UNWRITABLE'),
  });
  expect((await lstat(pipe)).isFIFO()).toBe(true);
  const table = path.join(home, 'beside.parquet');
  await writeFile(`${table}.ndjson`, 'of somebody else');
  expect(await command(['export', '--scan', '1', '--format', 'parquet', '--out', table])).toMatchObject({ code: 0 });
  expect(await readFile(`${table}.ndjson`, 'utf8')).toBe('of somebody else');
  expect((await readdir(home)).sort()).toEqual(['beside.parquet', 'beside.parquet.ndjson', 'pipe']);
});

it('CSV and Parquet hold the same table', async () => {
  const csv = lines((await command(['export', '--scan', '1', '--format', 'csv'])).out.replaceAll('\r', ''));
  expect(csv).toHaveLength(HOSTS + 1);
  const file = path.join(directory, "o'clock.parquet");
  expect(await command(['export', '--scan', '1', '--format', 'parquet', '--out', file])).toMatchObject({ code: 0 });
  const db = await openDuckDb({ directories: [directory], threads: 1, memoryLimitMb: 256 });
  const rows = await db.rows<Record<string, unknown>>(`FROM read_parquet($1)`, [file]);
  db.close();
  expect(Object.keys(rows[0] ?? {}).join(',')).toBe(csv[0]);
  expect(rows.map(({ address, port }) => `${address},${port}`)).toEqual(
    csv.slice(1).map((row) => row.split(',').slice(0, 2).join(',')),
  );
  expect(rows[0]).toMatchObject({ names: expect.arrayContaining(['kubernetes']), notAfter: expect.any(Date) });
  expect((await readdir(directory)).filter((name) => /new|parquet\./.test(name))).toEqual([]);
  expect(await command(['export', '--scan', '1', '--format', 'parquet'])).toMatchObject({ code: 1 });
  expect(await command(['export', '--scan', '1', '--out', path.join(directory, 'none', 'x')])).toMatchObject({
    code: 1,
    err: expect.stringContaining('EXPORT_UNWRITABLE'),
  });
});

it("Shadowserver's columns stand in their order, filled from what was seen", async () => {
  const text = (await command(['export', '--scan', '1', '--format', 'shadowserver', 'version:*'])).out;
  const [head = '', first = ''] = text.split('\r\n');
  expect(head.split(',')).toEqual([...SHADOWSERVER_COLUMNS]);
  expect(SHADOWSERVER_COLUMNS).toHaveLength(76);
  const cells = Object.fromEntries(first.split(',').map((cell, at) => [SHADOWSERVER_COLUMNS[at], cell]));
  expect(cells).toMatchObject({
    timestamp: '2025-10-09 08:53:20',
    ip: '198.51.100.0',
    protocol: 'tcp',
    port: '6443',
    tag: 'kubernetes',
    http_code: '200',
    content_type: 'application/json',
    major: '1',
    minor: '25',
    git_version: 'v1.25.3',
    handshake: 'TLSv1.2',
    cipher_suite: '0xC02F',
    subject_common_name: 'kube-apiserver',
    issuer_common_name: 'kubernetes',
    self_signed: 'N',
    sha256_fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    raw_cert: seen[0]?.evidence.chain[0],
  });
});

it('a sample is the same for a seed, and says what it tells of the whole', async () => {
  const whole = lines(original);
  const half = await command(['export', '--scan', '1', '--sample', '50%', '--seed', '4', '--json']);
  const taken = lines(half.out);
  expect(taken.every((line) => whole.includes(line))).toBe(true);
  expect(taken.length).toBeGreaterThan(8);
  expect(taken.length).toBeLessThan(32);
  const said = JSON.parse(half.err);
  expect(said).toMatchObject({
    total: HOSTS,
    sampled: taken.length,
    share: 0.5,
    seed: 4,
    method: expect.stringContaining('Wilson'),
  });
  for (const { dimension, value, estimate } of said.by) {
    const has = (line: string) => (JSON.parse(line)[dimension] ?? 'not told') === value;
    expect(estimate.counted).toBe(taken.filter(has).length);
    expect(estimate.low).toBeLessThanOrEqual(whole.filter(has).length);
    expect(estimate.high).toBeGreaterThanOrEqual(whole.filter(has).length);
  }
  expect((await command(['export', '--scan', '1', '--sample', '50%', '--seed', '4'])).out).toBe(half.out);
  expect((await command(['export', '--scan', '1', '--sample', '0%'])).err).toContain('EXPORT_SAMPLE_INVALID');
  await writeFile(path.join(directory, 'sample.ndjson'), half.out);
  expect((await command(['import', path.join(directory, 'sample.ndjson')])).code).toBe(0);
});
