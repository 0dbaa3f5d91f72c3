import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../../shared/src/database/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import {
  apiServerRefusing,
  apiServerSaying,
  finishShard,
  insertScan,
  leaseShard,
  presentApiServer,
  toBatch,
} from '../../../../test/support/record.ts';
import { CLASSIFIER } from '../evidence/classifier.ts';
import { indexBatch } from './index-batch.ts';

let database: Database;
let scanId: string;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  scanId = await insertScan(database.pool());
});

const index = (batch: Parameters<typeof indexBatch>[2]) => indexBatch(database.pool('writer'), CLASSIFIER, batch);

async function rows<T extends object>(sql: string): Promise<T[]> {
  return (await database.pool().query<T>(sql, [scanId])).rows;
}

const observations = () =>
  rows<{ address: string; outcome: string; attempt: number }>(
    'SELECT host(address) AS address, outcome, attempt FROM observations WHERE scan_id = $1 ORDER BY address',
  );
const shard = async () =>
  (await rows<object>('SELECT state, batches_committed, attempt FROM shards WHERE scan_id = $1'))[0];

it('a batch becomes findings, evidence stored once, and verdicts', async () => {
  const attempt = await leaseShard(database.pool(), scanId, 0);
  const lines = [
    apiServerSaying('v1.29.4', '127.0.0.1', 1),
    apiServerRefusing(401, '127.0.0.2', 2),
    presentApiServer('127.0.0.3', 3),
    { ...apiServerSaying('v1.29.4', '127.0.0.1', 1), address: '127.0.0.4' },
  ];
  expect(await index(toBatch({ scanId, attempt }, lines))).toEqual({
    result: 'committed',
    observations: 4,
    malformed: 0,
    shardDone: false,
  });
  expect(
    await rows(
      `SELECT host(address) AS address, fingerprints.minor, silence, answering, exact_san AS "exactSan"
       FROM observations JOIN fingerprints USING (evidence_id) WHERE scan_id = $1 ORDER BY address`,
    ),
  ).toEqual([
    { address: '127.0.0.1', minor: '1.29', silence: null, answering: true, exactSan: true },
    { address: '127.0.0.2', minor: null, silence: 'unauthorized', answering: false, exactSan: true },
    { address: '127.0.0.3', minor: null, silence: 'no-answer', answering: false, exactSan: true },
    { address: '127.0.0.4', minor: '1.29', silence: null, answering: true, exactSan: true },
  ]);
  const [counts] = await rows(
    `SELECT (SELECT count(DISTINCT evidence_id) FROM observations WHERE scan_id = $1) AS evidence,
            (SELECT count(*) FROM certificates) AS certificates,
            (SELECT count(*) FROM client_ca_lists) AS "clientCas",
            (SELECT count(*) FROM first_flights) AS flights`,
  );
  expect(counts).toEqual({ evidence: 3, certificates: 3, clientCas: 1, flights: 1 });
  const [certificate] = await rows(
    `SELECT subject, issuer, dns_names AS dns, host(ip_addresses[2]::inet) AS ip, key_type AS key
     FROM certificates JOIN evidence ON chain[1] = certificate_hash JOIN observations USING (evidence_id)
     WHERE scan_id = $1 AND address = '127.0.0.2'`,
  );
  expect(certificate).toMatchObject({ subject: 'CN=kube-apiserver', issuer: 'CN=kubernetes', ip: '127.0.0.2' });
});

it('what a look tells of its connection is kept with it, and is no part of the evidence', async () => {
  const attempt = await leaseShard(database.pool(), scanId, 0);
  const looks = [
    { ...presentApiServer('127.0.0.1', 1), connectMs: 1004, possession: 'proved' as const },
    { ...presentApiServer('127.0.0.1', 1), address: '127.0.0.2', secondConnection: 'fallback' as const },
  ];
  await index(toBatch({ scanId, attempt }, looks));
  expect(
    await rows(
      `SELECT connect_ms AS "connectMs", possession, second_connection AS second,
              dense_rank() OVER (ORDER BY evidence_id) AS evidence
       FROM observations WHERE scan_id = $1 ORDER BY address`,
    ),
  ).toEqual([
    { connectMs: 1004, possession: 'proved', second: null, evidence: 1 },
    { connectMs: null, possession: null, second: 'fallback', evidence: 1 },
  ]);
});

it('a batch that is delivered twice counts once', async () => {
  const attempt = await leaseShard(database.pool(), scanId, 0);
  const batch = toBatch({ scanId, attempt }, [presentApiServer('127.0.0.1', 1)]);
  await finishShard(database.pool(), scanId, 0, 2);
  expect((await index(batch)).result).toBe('committed');
  expect((await index(batch)).result).toBe('repeated');
  expect(await shard()).toEqual({ state: 'probed', batches_committed: 1, attempt: 1 });
});

it('two deliveries of one batch at the same time count once', async () => {
  const attempt = await leaseShard(database.pool(), scanId, 0);
  const batch = toBatch({ scanId, attempt }, [presentApiServer('127.0.0.1', 1)]);
  const results = await Promise.all(Array.from({ length: 4 }, () => index(batch)));
  expect(results.map(({ result }) => result).sort()).toEqual(['committed', 'repeated', 'repeated', 'repeated']);
});

it('a shard is done with the last batch of its current attempt; one of an earlier attempt counts for nothing', async () => {
  const first = await leaseShard(database.pool(), scanId, 0);
  const second = await leaseShard(database.pool(), scanId, 0);
  await finishShard(database.pool(), scanId, 0, 2);
  const at = (attempt: number, batchNumber: number, address: string) =>
    index(toBatch({ scanId, attempt, batchNumber }, [presentApiServer(address, batchNumber)]));
  expect((await at(first, 0, '127.0.0.1')).shardDone).toBe(false);
  expect((await at(first, 1, '127.0.0.2')).shardDone).toBe(false);
  expect((await at(second, 1, '127.0.0.2')).shardDone).toBe(false);
  expect(await shard()).toMatchObject({ state: 'probed', batches_committed: 1 });
  expect((await at(second, 0, '127.0.0.1')).shardDone).toBe(true);
  expect(await shard()).toMatchObject({ state: 'done' });
  expect((await observations()).map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.2']);
});

it('a batch committed before the prober names their number leaves the shard leased', async () => {
  const attempt = await leaseShard(database.pool(), scanId, 0);
  expect((await index(toBatch({ scanId, attempt }, [presentApiServer('127.0.0.1', 1)]))).shardDone).toBe(false);
  expect(await shard()).toMatchObject({ state: 'leased', batches_committed: 1 });
});

it('a line that is no observation is kept as malformed, and the others are indexed', async () => {
  const attempt = await leaseShard(database.pool(), scanId, 0);
  const good = presentApiServer('127.0.0.1', 1);
  const lines = [
    good,
    '{"half": ',
    JSON.stringify({ ...good, address: 'nobody' }),
    JSON.stringify({ ...good, port: 0 }),
    JSON.stringify({ ...good, outcome: 'invented' }),
    '',
    '"\\u0000"',
    presentApiServer('127.0.0.2', 2),
  ];
  expect(await index(toBatch({ scanId, attempt }, lines))).toMatchObject({ observations: 2, malformed: 6 });
  const kept = await rows<{ line: number; error: string; text: string }>(
    `SELECT line_number AS line, error, convert_from(bytes, 'utf8') AS text
     FROM malformed_observations WHERE scan_id = $1 ORDER BY line_number`,
  );
  expect(kept.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7]);
  expect(kept[0]?.text).toBe('{"half": ');
  expect(kept[1]?.error).toContain('nobody');
  expect((await observations()).map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.2']);
});

it('an observation that the schema lets through and the database refuses is kept as malformed alone', async () => {
  const attempt = await leaseShard(database.pool(), scanId, 0);
  const lines = Array.from({ length: 40 }, (_, at) => presentApiServer(`127.0.0.${at + 1}`, at));
  // Over the largest integer that PostgreSQL stores.
  const poisoned = lines.map((line, at) => (at === 7 || at === 31 ? { ...line, durationMs: 2 ** 31 } : line));
  expect(await index(toBatch({ scanId, attempt }, poisoned))).toMatchObject({ observations: 38, malformed: 2 });
  const kept = await rows<{ line: number }>(
    'SELECT line_number AS line FROM malformed_observations WHERE scan_id = $1 ORDER BY line_number',
  );
  expect(kept.map(({ line }) => line)).toEqual([8, 32]);
  expect(await observations()).toHaveLength(38);
});

it('a NUL and half a surrogate pair in a header do not keep an observation out', async () => {
  const attempt = await leaseShard(database.pool(), scanId, 0);
  const { evidence, ...rest } = apiServerRefusing(403, '127.0.0.1', 1);
  const headers: [string, string][] = [['server', 'a\u0000b\ud800c']];
  const line = { ...rest, evidence: { ...evidence, response: { status: 403, headers, body: '' } } };
  expect(await index(toBatch({ scanId, attempt }, [line]))).toMatchObject({ observations: 1, malformed: 0 });
});

it.each([
  ['is not base64', '!!!!'],
  ['is no gzip', Buffer.from('plain').toString('base64')],
  ['unpacks beyond the cap', gzipSync(Buffer.alloc(16 * 1024 * 1024 + 1, 0x20)).toString('base64')],
])('a batch that %s is kept whole and counts as committed', async (_, text) => {
  const attempt = await leaseShard(database.pool(), scanId, 0);
  await finishShard(database.pool(), scanId, 0, 1);
  const batch = { ...toBatch({ scanId, attempt }, []), observations: text };
  expect(await index(batch)).toEqual({ result: 'committed', observations: 0, malformed: 1, shardDone: true });
  const [kept] = await rows<{ line: number; text: string }>(
    `SELECT line_number AS line, convert_from(bytes, 'latin1') AS text FROM malformed_observations WHERE scan_id = $1`,
  );
  expect(kept?.line).toBe(0);
  expect(text.startsWith(kept?.text ?? 'nothing')).toBe(true);
});

it('a batch for a closed scan changes nothing and is kept as late, once', async () => {
  const attempt = await leaseShard(database.pool(), scanId, 0);
  const batch = toBatch({ scanId, attempt }, [presentApiServer('127.0.0.1', 1)]);
  await index(batch);
  await database.pool().query(`UPDATE scans SET state = 'completed' WHERE scan_id = $1`, [scanId]);
  const late = toBatch({ scanId, attempt, batchNumber: 1 }, [presentApiServer('127.0.0.2', 2)]);
  expect((await index(batch)).result).toBe('repeated');
  expect((await index(late)).result).toBe('late');
  expect((await index(late)).result).toBe('repeated');
  expect(await observations()).toHaveLength(1);
  expect(await rows('SELECT batch_number, observations FROM late_batches WHERE scan_id = $1')).toEqual([
    { batch_number: 1, observations: late.observations },
  ]);
});

it('a batch of a shard that is not in the record is refused for good', async () => {
  const batch = toBatch({ scanId, shardNumber: 99 }, [presentApiServer('127.0.0.1', 1)]);
  await expect(index(batch)).rejects.toMatchObject({ code: 'QUEUE_WORK_FINAL' });
});
