import { AddressSetBuilder, parseRange, Scope } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { planScan } from './plan-scan.ts';
import { progress } from './progress.ts';
import type { ScanRequest } from './scan-request.ts';
import { abortOpenChecks } from './store/abort-scan.ts';
import { layOutShards } from './store/lay-out-shards.ts';

let database: Database;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool().query('TRUNCATE scans, scan_scopes, series, exclusions CASCADE');
});

function scopeOf(ports: number[], ...ranges: string[]): Scope {
  const builder = new AddressSetBuilder();
  for (const range of ranges) builder.add(parseRange(range));
  return Scope.of([{ ports, addresses: builder.build() }]);
}

const method = { version: '0.1.0', thorough: false };

function request(changes: Partial<ScanRequest> = {}): ScanRequest {
  return { kind: 'census', targets: scopeOf([443, 6443], '127.0.0.0/24'), method, ...changes };
}

function plan(changes: Partial<ScanRequest> = {}) {
  return planScan(database.pool('writer'), request(changes));
}

async function rows<T>(query: string, values: unknown[] = []): Promise<T[]> {
  return (await database.pool().query(query, values)).rows as T[];
}

const publicTerms = {
  targets: scopeOf([443], '8.8.8.0/24'),
  operator: { url: 'https://scan.kubecensus.dev/', mail: 'abuse@kubecensus.dev' },
  purpose: 'research',
  rate: 100,
} as const;

describe('planning a scan', () => {
  it('lays out shards that cover every index once', async () => {
    const { scanId, resumed } = await plan({ probers: 2 });
    expect(resumed).toBe(false);
    const shards = await rows<{ shard_number: number; start_index: number; end_index: number }>(
      'SELECT shard_number, start_index, end_index FROM shards WHERE scan_id = $1 ORDER BY shard_number',
      [scanId],
    );
    expect(shards).toHaveLength(8);
    expect(shards.map((shard) => shard.start_index)).toEqual(shards.map((_, index) => index * 64));
    expect(shards.map((shard) => shard.end_index)).toEqual(shards.map((_, index) => (index + 1) * 64));
    expect(await progress(database.pool('reader'), scanId)).toMatchObject({
      state: 'running',
      targetCount: 512,
      lookedAt: 0,
      rate: 5000,
      shards: { pending: 8, done: 0 },
      outcomes: {},
    });
  });

  it('lays a vast scope out step by step, each index in one shard, and says how many there are', async () => {
    const { scanId } = await plan({ ...publicTerms, targets: scopeOf([443], '4.0.0.0/8'), rate: 137 });
    const planned = (await progress(database.pool(), scanId)).shards.pending;
    expect(planned).toBe(Math.ceil(2 ** 24 / 1370));
    expect(await rows('SELECT FROM shards')).toHaveLength(4000);
    for (let made = 4000; made < planned; made = (await rows('SELECT FROM shards')).length) {
      await rows("UPDATE shards SET state = 'done' WHERE state = 'pending'");
      expect(await layOutShards(database.pool('writer'))).toBe(Math.min(4000, planned - made));
    }
    expect(await layOutShards(database.pool('writer'))).toBe(0);
    const [gaps] = await rows<{ gaps: number; first: number; last: number }>(
      `SELECT count(*) FILTER (WHERE start_index <> previous) AS gaps, min(start_index) AS first, max(end_index) AS last
       FROM (SELECT start_index, end_index, lag(end_index, 1, 0::bigint) OVER (ORDER BY shard_number) AS previous FROM shards) AS s`,
    );
    expect(gaps).toEqual({ gaps: 0, first: 0, last: 2 ** 24 });
  });

  it('freezes the scope, and can be read back by its hash', async () => {
    const { scanId } = await plan();
    const [row] = await rows<{ body: Buffer; scope_hash: Buffer; permutation_key: Buffer; summary: string }>(
      'SELECT body, scope_hash, permutation_key, summary FROM scans JOIN scan_scopes USING (scope_hash) WHERE scan_id = $1',
      [scanId],
    );
    expect(Scope.fromBytes(row?.body ?? Buffer.alloc(0)).hash()).toEqual(row?.scope_hash);
    expect(row?.summary).toMatch(/127\.0\.0\.0\/24/);
    expect(row?.permutation_key).toHaveLength(32);
  });

  it('freezes a scope that is too large for one statement byte for byte, and keeps it once', async () => {
    const addresses = new AddressSetBuilder();
    for (let i = 0; i < 140_000; i += 1) addresses.addIpv4(0x7f00_0000 + i * 8, 0x7f00_0000 + i * 8 + 3);
    const targets = Scope.of([{ ports: [443], addresses: addresses.build() }]);
    expect(targets.byteLength).toBeGreaterThan(1024 * 1024);
    await plan({ targets, kind: 'ad-hoc' });
    await plan({ targets, kind: 'ad-hoc' });
    const kept = await rows<{ body: Buffer }>('SELECT body FROM scan_scopes');
    expect(kept).toHaveLength(1);
    expect(Buffer.compare(kept[0]?.body ?? Buffer.alloc(0), targets.toBytes())).toBe(0);
  });

  it('goes on with the open census of the series when asked again, however the targets are written', async () => {
    const first = await plan({ rate: 10 });
    const again = await plan({
      rate: 20,
      targets: scopeOf([6443, 443], '127.0.0.128/25', '127.0.0.0-127.0.0.200'),
    });
    expect(again).toMatchObject({ scanId: first.scanId, resumed: true });
    expect(again).toMatchObject({ rate: 20, rateOrigin: 'asked' });
    expect(await plan()).toMatchObject({ scanId: first.scanId, rate: 20, rateOrigin: 'kept' });
    expect((await progress(database.pool(), first.scanId)).rate).toBe(20);
    expect(await rows('SELECT FROM scans')).toHaveLength(1);
  });

  it('gives up checks that nobody waits for any more, and no census', async () => {
    const census = await plan();
    const check = await plan({ kind: 'check', targets: scopeOf([443], '127.0.0.1') });
    expect(await abortOpenChecks(database.pool('writer'))).toBe(1);
    expect((await progress(database.pool(), check.scanId)).state).toBe('aborted');
    expect((await progress(database.pool(), census.scanId)).state).toBe('running');
  });

  it('begins the next census of the series once the last one is closed', async () => {
    const first = await plan();
    await rows("UPDATE scans SET state = 'completed', completed_at = now()");
    const second = await plan();
    expect(second.resumed).toBe(false);
    expect(second.scanId).not.toBe(first.scanId);
    const scans = await rows<{ series_id: number; key: string }>(
      "SELECT series_id, encode(permutation_key, 'hex') AS key FROM scans ORDER BY scan_id",
    );
    expect(scans[0]?.series_id).toBe(scans[1]?.series_id);
    expect(scans[0]?.key).not.toBe(scans[1]?.key);
  });

  it('makes one scan of two that are asked for at the same moment', async () => {
    const plans = await Promise.all(Array.from({ length: 4 }, () => plan()));
    expect(new Set(plans.map(({ scanId }) => scanId)).size).toBe(1);
    expect(plans.filter(({ resumed }) => !resumed)).toHaveLength(1);
  });

  it('takes the exclusions of the moment out, IPv4 inside IPv6 too, and stays in its series', async () => {
    const before = await plan({ ...publicTerms, targets: scopeOf([443], '8.8.8.0/24', '64:ff9b::8.8.8.0/120') });
    await rows("UPDATE scans SET state = 'completed', completed_at = now()");
    await rows(
      `INSERT INTO exclusions (first_address, last_address, valid_from, valid_until, reason) VALUES
         ('8.8.8.0', '8.8.8.127', now() - interval '1 day', NULL, 'asked for'),
         ('8.8.8.128', '8.8.8.255', now() - interval '2 days', now() - interval '1 day', 'over'),
         ('8.8.8.128', '8.8.8.255', now() + interval '1 day', NULL, 'later')`,
    );
    const after = await plan({ ...publicTerms, targets: scopeOf([443], '8.8.8.0/24', '64:ff9b::8.8.8.0/120') });
    expect((await progress(database.pool(), before.scanId)).targetCount).toBe(512);
    expect((await progress(database.pool(), after.scanId)).targetCount).toBe(256);
    expect(await rows('SELECT FROM series')).toHaveLength(1);
  });

  it('plans nothing while the exclusions cannot be read', async () => {
    const other = await createTestDatabase();
    try {
      await other.pool().query('DROP TABLE exclusions');
      await expect(planScan(other.pool('writer'), request())).rejects.toMatchObject({
        code: 'SCAN_EXCLUSIONS_UNREADABLE',
        message: expect.stringMatching(/^the exclusions cannot be read .*nothing is planned; see that/),
      });
      expect((await other.pool().query('SELECT FROM scans')).rowCount).toBe(0);
    } finally {
      await other.close();
    }
  });

  it('refuses a scope that is excluded as a whole, and changes nothing', async () => {
    await rows(
      "INSERT INTO exclusions (first_address, last_address, reason) VALUES ('127.0.0.0', '127.255.255.255', 'x')",
    );
    await expect(plan()).rejects.toMatchObject({
      code: 'SCAN_NOTHING_LEFT',
      message: expect.stringMatching(/excluded/),
    });
    expect(await rows('SELECT FROM scans UNION ALL SELECT FROM series UNION ALL SELECT FROM scan_scopes')).toHaveLength(
      0,
    );
  });

  it('an ad-hoc scan belongs to no series and never goes on with another', async () => {
    const scans = [await plan({ kind: 'ad-hoc' }), await plan({ kind: 'ad-hoc' }), await plan({ kind: 'check' })];
    expect(new Set(scans.map(({ scanId }) => scanId)).size).toBe(3);
    expect(await rows('SELECT FROM series')).toHaveLength(0);
  });

  it.each([
    ['without a contact', { operator: {} }, 'SCAN_CONTACT_MISSING'],
    [
      'with a placeholder',
      { operator: { url: 'https://example.org', mail: 'a@kubecensus.dev' } },
      'SCAN_CONTACT_PLACEHOLDER',
    ],
    ['without a purpose', { purpose: ' ' }, 'SCAN_PURPOSE_MISSING'],
    ['without a rate', { rate: undefined }, 'SCAN_RATE_MISSING'],
    ['with rate 0', { rate: 0 }, 'SCAN_RATE_INVALID'],
    ['with a rate of a half', { rate: 0.5 }, 'SCAN_RATE_INVALID'],
    ['over the highest rate', { rate: 1_000_001 }, 'SCAN_RATE_INVALID'],
    ['with nothing for a prefix', { prefixRate: 0 }, 'SCAN_RATE_INVALID'],
  ] as const)('refuses a public range %s and leaves nothing behind', async (_, changes, code) => {
    await expect(plan({ ...publicTerms, ...changes })).rejects.toMatchObject({
      code,
      exitCode: 2,
      message: expect.stringMatching(/^[^\n]+; (give|say) [^\n]+$/),
    });
    expect(await rows('SELECT FROM scans UNION ALL SELECT FROM series UNION ALL SELECT FROM scan_scopes')).toHaveLength(
      0,
    );
  });

  it('takes a public range on these terms', async () => {
    const { scanId } = await plan(publicTerms);
    const [row] = await rows(
      'SELECT operator_url, operator_mail, purpose, rate, prefix_rate, method FROM scans WHERE scan_id = $1',
      [scanId],
    );
    expect(row).toEqual({
      operator_url: publicTerms.operator.url,
      operator_mail: publicTerms.operator.mail,
      purpose: 'research',
      rate: 100,
      prefix_rate: 20,
      method: { ...method, major: 1 },
    });
  });

  it('needs no terms on loopback, and a permission alone on a private range', async () => {
    const lab = await plan({ kind: 'ad-hoc', rate: undefined });
    const own = await plan({ kind: 'ad-hoc', targets: scopeOf([443], '10.9.8.0/28'), allowPrivate: true });
    expect((await progress(database.pool(), lab.scanId)).rate).toBe(5000);
    expect((await progress(database.pool(), own.scanId)).rate).toBe(200);
    expect(await rows('SELECT FROM scans WHERE prefix_rate IS NOT NULL')).toHaveLength(0);
  });

  it('there is no progress of a scan that there is not', async () => {
    await expect(progress(database.pool(), '99999')).rejects.toMatchObject({ code: 'SCAN_UNKNOWN' });
  });
});
