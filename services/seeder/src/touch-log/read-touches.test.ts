import { AddressSetBuilder, createPermutation, parseAddress, parseRange, Scope } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { planScan } from '../plan-scan.ts';
import { readTouches } from './read-touches.ts';

let database: Database;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool().query('TRUNCATE scans, scan_scopes, series, exclusions, endpoints CASCADE');
});

function scopeOf(ports: number[], ...ranges: string[]): Scope {
  const builder = new AddressSetBuilder();
  for (const range of ranges) builder.add(parseRange(range));
  return Scope.of([{ ports, addresses: builder.build() }]);
}

async function plan(targets: Scope): Promise<string> {
  const method = { version: '0.1.0', thorough: false };
  return (await planScan(database.pool('writer'), { kind: 'ad-hoc', targets, method, purpose: 'a test' })).scanId;
}

const query = (text: string, values: unknown[] = []) => database.pool().query(text, values);
const touchesOf = (address: string) => readTouches(database.pool('reader'), parseAddress(address));
const at = (hour: number) => `2026-03-02T${String(hour).padStart(2, '0')}:00:00Z`;

/** Every shard was looked at from 10 to 11 o'clock. */
async function lookAtAll(): Promise<void> {
  await query("UPDATE shards SET state = 'done', attempt = 1, started_at = $1, finished_at = $2", [at(10), at(11)]);
}

describe('the touch log', () => {
  it('finds the one shard of each target again, for every target', async () => {
    const scope = scopeOf([443, 6443], '127.0.0.0/28', '127.3.0.0/29', '::1');
    const scanId = await plan(scope);
    const { rows } = await query('SELECT permutation_key FROM scans');
    const order = createPermutation(scope.size, rows[0].permutation_key);
    // Each shard tells its number by its time.
    await query(
      `UPDATE shards SET state = 'done', attempt = 1, started_at = to_timestamp(shard_number), finished_at = to_timestamp(shard_number + 1)`,
    );
    const shards = (await query('SELECT start_index, end_index FROM shards ORDER BY shard_number')).rows;
    for (let position = 0; position < scope.size; position += 1) {
      const { address, port } = scope.space.targetAt(order.forward(position));
      const shard = shards.findIndex(({ start_index, end_index }) => start_index <= position && position < end_index);
      const touches = await readTouches(database.pool('reader'), address);
      const found = touches.find((touch) => touch.port === port);
      expect(touches).toHaveLength(2);
      expect(found).toMatchObject({ scanId, state: 'contacted', from: new Date(shard * 1000), purpose: 'a test' });
    }
  });

  it('knows nothing of an address that no scan held', async () => {
    await plan(scopeOf([443], '127.0.0.0/28'));
    expect(await touchesOf('127.0.0.16')).toEqual([]);
    expect(await touchesOf('::1')).toEqual([]);
  });

  it('says of a scan under way what is planned and what may have been', async () => {
    await plan(scopeOf([443], '127.0.0.1'));
    expect(await touchesOf('127.0.0.1')).toMatchObject([{ state: 'planned', from: undefined }]);
    await query("UPDATE shards SET state = 'leased', attempt = 1, started_at = $1", [at(10)]);
    expect(await touchesOf('127.0.0.1')).toMatchObject([
      { state: 'may-have-been', from: new Date(at(10)), until: undefined },
    ]);
  });

  it('tells of attempts that died, beside the one that came to its end', async () => {
    const scanId = await plan(scopeOf([443], '127.0.0.1'));
    await query('INSERT INTO shard_attempts VALUES ($1, 0, 1, $2, $3, $4)', [scanId, 'a prober', at(8), at(9)]);
    await lookAtAll();
    await query('UPDATE shards SET attempt = 2');
    expect(await touchesOf('127.0.0.1')).toMatchObject([
      { state: 'may-have-been', from: new Date(at(8)), until: new Date(at(9)) },
      { state: 'contacted', from: new Date(at(10)), until: new Date(at(11)) },
    ]);
  });

  it.each([
    [8, undefined, 'not-contacted'],
    [8, 12, 'not-contacted'],
    [8, 9, 'contacted'],
    [12, undefined, 'contacted'],
    [9, 10.5, 'may-have-been'],
    [10.5, undefined, 'may-have-been'],
  ])('an address excluded from %s to %s o’clock was, between 10 and 11: %s %s', async (from, until, state) => {
    await plan(scopeOf([443], '127.0.0.1'));
    await lookAtAll();
    const hour = (value: number | undefined) =>
      value === undefined ? null : new Date(new Date(at(0)).getTime() + value * 3_600_000);
    await query(
      "INSERT INTO exclusions (first_address, last_address, valid_from, valid_until, reason) VALUES ('127.0.0.0', '127.0.0.9', $1, $2, 'x')",
      [hour(from), hour(until)],
    );
    expect(await touchesOf('127.0.0.1')).toMatchObject([{ state }]);
  });

  it('holds revisits, with the component that was looked for', async () => {
    const scanId = await plan(scopeOf([443], '127.0.0.1'));
    await lookAtAll();
    await query(
      `INSERT INTO endpoints (address, port, component, outcome, first_seen_at, last_seen_at, last_looked_at, last_scan_id)
       VALUES ('127.0.0.1', 443, 'kube-apiserver', 'answered', now(), now(), now(), $1)`,
      [scanId],
    );
    await query(
      `INSERT INTO revisits (scan_id, revisit_number, round, endpoint_id, address, port, component)
       SELECT $1, 7, 1, endpoint_id, address, port, component FROM endpoints`,
      [scanId],
    );
    await query(
      `INSERT INTO shards (scan_id, shard_number, kind, start_index, end_index, state, attempt, started_at, finished_at)
       VALUES ($1, 90, 'revisit', 5, 9, 'done', 1, $2, $3)`,
      [scanId, at(14), at(15)],
    );
    expect(await touchesOf('127.0.0.1')).toMatchObject([
      { kind: 'ad-hoc', state: 'contacted', from: new Date(at(10)) },
      { kind: 'revisit', component: 'kube-apiserver', state: 'contacted', from: new Date(at(14)) },
    ]);
  });
});
