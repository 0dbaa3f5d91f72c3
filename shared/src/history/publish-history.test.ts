import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reviseSeries } from '../../../services/indexer/src/revisions/revise-series.ts';
import { createTestDatabase } from '../../../test/support/database.ts';
import { insertSeries } from '../../../test/support/record.ts';
import { insertRecordedHistory, type Weeks } from '../../../test/support/recorded-history.ts';
import type { Database } from '../database/index.ts';
import { CODEBOOK, type History, openHistory, publishHistory, verifyHistory } from './index.ts';

let database: Database;
let directory: string;
let history: History;
let weeks: Weeks;
let series: number;

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'kubecensus-history-'));
  series = await insertSeries(database.pool(), 'weekly');
  ({ weeks } = await insertRecordedHistory(database.pool(), series, {
    addresses: 120,
    weeks: 8,
    seed: 5,
    firstAsOf: '2026-02-02T00:00:00Z',
  }));
  history = await openHistory({ directory });
});
afterAll(async () => {
  await history.close();
  await rm(directory, { recursive: true, force: true });
  await database.close();
});

const publish = (options: Partial<Parameters<typeof publishHistory>[0]> = {}) =>
  publishHistory({ pool: database.pool('reader'), directory, series: 'weekly', ...options });

it('before anything is published a question says how to publish', async () => {
  await expect(history.series('weekly')).rejects.toMatchObject({ code: 'HISTORY_NOT_PUBLISHED' });
  expect(await history.list()).toEqual([]);
});

it('a publication counts what each census held, look-alikes and mirrors left out', async () => {
  const { manifest, changed } = await publish();
  expect(changed).toBe(true);
  const present = weeks
    .slice(1)
    .map((members) => members.filter(({ outcome, mirrored }) => outcome !== 'look-alike' && !mirrored));
  const different = (values: readonly string[]) => new Set(values).size;
  expect(manifest.censuses.map(({ endpoints, hosts, clusters }) => ({ endpoints, hosts, clusters }))).toEqual(
    present.map((members) => ({
      endpoints: members.length,
      hosts: different(members.map(({ address }) => address)),
      clusters: different(members.flatMap(({ cluster }) => cluster ?? [])),
    })),
  );
  expect(await verifyHistory(directory, manifest)).toEqual([]);
});

it('the intervals cover each census as the record has it, endpoint by endpoint', async () => {
  const published = await history.series('weekly');
  for (const [census, members] of weeks.entries()) {
    if (census === 0) continue;
    const rows = await published.rows<{ line: string }>(
      `SELECT concat_ws(' ', address, port, component, evidence_id, first_seen_on) AS line FROM endpoints
       WHERE first_census <= $1 AND last_census >= $1`,
      [census],
    );
    expect(rows.map(({ line }) => line).sort()).toEqual(
      members.map((one) => `${one.address} ${one.port} ${one.component} ${one.evidence} ${one.firstSeenOn}`).sort(),
    );
  }
});

it('an interval is alone where its address has no other endpoint, in whatever census', async () => {
  const { rows } = await history.series('weekly');
  type Interval = { endpoint_id: bigint; address: string; alone: boolean };
  const intervals = await rows<Interval>('SELECT endpoint_id, address, alone FROM endpoints');
  const isAlone = (one: Interval) =>
    !intervals.some((other) => other.address === one.address && other.endpoint_id !== one.endpoint_id);
  const wrong = intervals.filter((one) => one.alone !== isAlone(one));
  expect(intervals.some(({ alone }) => !alone)).toBe(true);
  expect(wrong).toEqual([]);
});

it('support runs on: an interval is cut where the state of its version becomes another', async () => {
  const { rows } = await history.series('weekly');
  const [cut] = await rows<{ aged: number; mended: number }>(
    `SELECT count(*) FILTER (WHERE began = 'aged')::DOUBLE AS aged, count(*) FILTER (WHERE ended = 'aged')::DOUBLE AS mended
     FROM endpoints`,
  );
  expect(cut?.aged).toBeGreaterThan(0);
  expect(cut?.aged).toBe(cut?.mended);
});

it('the same record again changes nothing', async () => {
  const before = await readdir(path.join(directory, `series-${series}`));
  const { changed, manifest } = await publish();
  expect(changed).toBe(false);
  expect(manifest.revision).toBe(1);
  expect(await readdir(path.join(directory, `series-${series}`))).toEqual(before);
});

it('a rebuild without a change makes the same bytes, under the next revision', async () => {
  const { manifest: before } = await publish();
  const { manifest } = await publish({ force: true });
  expect(manifest.revision).toBe(before.revision + 1);
  expect(manifest.censuses).toEqual(before.censuses);
  expect(manifest.files).toEqual(before.files);
});

it('what changes a published census makes a revision of it, and the one before stays on the list', async () => {
  const pool = database.pool();
  const revise = () => reviseSeries(pool, series, { reason: 'reclassified', rulesVersion: 2 });
  await revise();
  const { rows } = await pool.query<{ evidence_id: number }>(
    `UPDATE fingerprints SET distribution = 'rke2'
     WHERE evidence_id = (SELECT evidence_id FROM sightings WHERE first_census = 8 LIMIT 1) RETURNING evidence_id`,
  );
  expect(rows).toHaveLength(1);
  const revised = await revise();
  expect(await revise()).toEqual([]);
  const { manifest } = await publish();
  const again = manifest.censuses.filter(({ revision }) => revision === 2).map(({ censusNumber }) => censusNumber);
  expect(again).toContain(8);
  expect(revised.map(({ censusNumber, revision }) => [censusNumber, revision])).toEqual(again.map((one) => [one, 2]));
  expect(manifest.superseded.map(({ censusNumber }) => censusNumber)).toEqual(again);
  expect(new Set(manifest.superseded.map(({ because }) => because))).toEqual(new Set(['reclassified']));
  const { rows: ask } = await history.series('weekly');
  const revisions = await ask<{ census_number: number; revision: number }>(
    'SELECT census_number, revision FROM censuses ORDER BY census_number',
  );
  expect(revisions).toEqual(
    manifest.censuses.map(({ censusNumber, revision }) => ({ census_number: censusNumber, revision })),
  );
});

it('files of the publication before stay for their readers, older ones go; an erasing one leaves none', async () => {
  const home = path.join(directory, `series-${series}`);
  const parquet = async () => (await readdir(home)).filter((name) => name.endsWith('.parquet')).sort();
  await writeFile(path.join(home, 'endpoints-0000000000000000.parquet'), 'left by a crash');
  await database.pool().query(`UPDATE fingerprints SET distribution = 'talos' WHERE distribution = 'rke2'`);
  const { manifest } = await publish({ erase: true });
  // The record has no revision for this change, and even so it leaves its trace.
  expect(manifest.superseded.at(-1)?.because).toContain('the same revision');
  expect(await parquet()).toEqual(manifest.files.map((file) => file.path).sort());
  expect((await readdir(home)).filter((name) => name.startsWith('.work'))).toEqual([]);
});

it('the data package names every file and every column, with its checksum, licence and attribution', async () => {
  const { manifest } = await publish();
  const text = await readFile(path.join(directory, `series-${series}`, 'datapackage.json'), 'utf8');
  const described = JSON.parse(text);
  expect(described.licenses[0].name).toBe('CC-BY-4.0');
  expect(described.attribution).not.toBe('');
  for (const { table, path: file, sha256 } of manifest.files) {
    const resource = described.resources.find((one: { name: string }) => one.name === table);
    expect(resource).toMatchObject({ path: file, hash: `sha256:${sha256}` });
    expect(resource.schema.fields.map((field: { name: string }) => field.name)).toEqual(
      CODEBOOK[table].map(({ name }) => name),
    );
  }
});

it('a byte that is not as it was published is found, and named', async () => {
  const { manifest } = await publish();
  const [file] = manifest.files;
  const place = path.join(directory, `series-${series}`, file?.path ?? '');
  const bytes = await readFile(place);
  const damaged = Buffer.from(bytes);
  damaged[20] = (damaged[20] ?? 0) ^ 1;
  await writeFile(place, damaged);
  expect(await verifyHistory(directory, manifest)).toEqual([
    { file: file?.path, problem: expect.stringContaining('checksum') },
  ]);
  await rm(place);
  expect(await verifyHistory(directory, manifest)).toEqual([{ file: file?.path, problem: 'is not there' }]);
  await writeFile(place, bytes);
  expect(await verifyHistory(directory, manifest)).toEqual([]);
});

it('statements reach no file outside of the history, and no network', async () => {
  const { rows } = await history.series('weekly');
  await expect(rows(`SELECT * FROM read_csv('/etc/passwd')`)).rejects.toThrow(/disabled|Permission/);
  await expect(rows(`SELECT * FROM read_parquet('https://127.0.0.1:1/x.parquet')`)).rejects.toThrow();
});
