import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, withTransaction } from '../../../../shared/src/database/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import {
  createFoldedRecord,
  type FoldedMember,
  readFolded,
  type ShownMarks,
} from '../../../../test/support/folded-record.ts';
import { MAX_CLUSTER_ADDRESSES, MAX_CLUSTER_NETWORKS, MAX_EQUAL_ADDRESSES, MAX_EQUAL_PORTS } from './limits.ts';
import { refoldFrom } from './refold-series.ts';

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const record = () => createFoldedRecord(database.pool());
const clusterOf = (folded: Map<string, FoldedMember>, address: string, port = 6443) =>
  folded.get(`${address}:${port}`)?.cluster ?? null;
const reasonOf = (folded: Map<string, FoldedMember>, address: string) => folded.get(`${address}:6443`)?.reason;

/** Addresses that no prefix has two of. */
const apart = (
  count: number,
  of: Omit<ShownMarks, 'address'>,
  more: (at: number) => Partial<ShownMarks> = () => ({}),
) => Array.from({ length: count }, (_, at): ShownMarks => ({ address: `10.${at}.0.1`, ...of, ...more(at) }));
/** Addresses of one prefix. */
const together = (count: number, of: Omit<ShownMarks, 'address'>) =>
  Array.from({ length: count }, (_, at): ShownMarks => ({ address: `10.200.0.${at + 1}`, ...of }));

const A = 'authority:a';
const B = 'authority:b';

describe('what is one cluster', () => {
  it('endpoints that prove one identity are one, wherever they are, and the id is the mark', async () => {
    const folded = await (await record()).census(apart(3, { identity: A }));
    expect([...folded.values()]).toEqual(
      Array.from({ length: 3 }, () => ({ cluster: A, reason: 'mark', mark: A, mirrored: false })),
    );
  });

  it('a certificate joins nothing before its key was proved, and never when the proof failed', async () => {
    const folded = await (await record()).census([
      { address: '10.0.0.1', identity: A, flowSchema: 'f' },
      { address: '10.1.0.1', identity: A, flowSchema: 'f', possession: null },
      { address: '10.2.0.1', identity: A, flowSchema: 'f', possession: 'failed' },
      { address: '10.3.0.1', flowSchema: 'f' },
    ]);
    expect([...folded.values()].map(({ cluster, reason }) => [cluster, reason])).toEqual([
      [A, 'mark'],
      [null, 'not-proved'],
      [null, 'replayed'],
      [null, 'no-mark'],
    ]);
  });

  it('an address whose new owner replays the old certificate is no member any more', async () => {
    const { census } = await record();
    await census([{ address: '10.0.0.1', identity: A }]);
    const folded = await census([{ address: '10.0.0.1', identity: A, possession: 'failed' }]);
    expect(reasonOf(folded, '10.0.0.1')).toBe('replayed');
  });

  it('a stranger who copies the header of one cluster under a certificate of his own joins neither', async () => {
    const folded = await (await record()).census([
      ...apart(2, { identity: A, flowSchema: 'f' }),
      { address: '10.9.0.1', identity: B, flowSchema: 'f' },
      { address: '10.9.1.1', identity: B },
    ]);
    expect([clusterOf(folded, '10.0.0.1'), clusterOf(folded, '10.1.0.1')]).toEqual([A, A]);
    expect([clusterOf(folded, '10.9.0.1'), clusterOf(folded, '10.9.1.1')]).toEqual([B, B]);
  });

  it('what is no API server belongs to the cluster whose API server is there, and makes none', async () => {
    const folded = await (await record()).census([
      { address: '10.0.0.1', identity: A },
      { address: '10.1.0.1', identity: A, component: 'kubelet', port: 10250 },
      { address: '10.2.0.1', identity: B, component: 'kubelet', port: 10250 },
    ]);
    expect(clusterOf(folded, '10.1.0.1', 10250)).toBe(A);
    expect(folded.get('10.2.0.1:10250')).toMatchObject({ cluster: null, reason: 'no-api-server' });
  });
});

describe('from census to census', () => {
  it('other addresses and another certificate of the same authority are the same cluster', async () => {
    const { census } = await record();
    await census(apart(2, { identity: A, certificate: 'first' }));
    const folded = await census([
      { address: '192.0.2.1', identity: A, certificate: 'second' },
      { address: '192.0.2.2', identity: A, certificate: 'third' },
    ]);
    expect([...folded.values()].map(({ cluster }) => cluster)).toEqual([A, A]);
  });

  it('a new authority under the same flow schema goes on as the cluster, once the old one is not there', async () => {
    const { census } = await record();
    await census(apart(2, { identity: A, flowSchema: 'f' }));
    const half = await census([
      { address: '10.0.0.1', identity: B, flowSchema: 'f' },
      { address: '10.1.0.1', identity: A, flowSchema: 'f' },
    ]);
    expect([clusterOf(half, '10.0.0.1'), clusterOf(half, '10.1.0.1')]).toEqual([B, A]);
    const whole = await census(apart(2, { identity: B, flowSchema: 'f' }));
    expect([...whole.values()].map(({ cluster }) => cluster)).toEqual([A, A]);
    const { rows } = await database
      .pool()
      .query(`SELECT because FROM cluster_marks WHERE mark = $1 AND since_census = 3`, [B]);
    expect(rows.at(-1)).toEqual({ because: 'renewed' });
  });

  it('whoever took a cluster’s name while it was away loses it when it is back', async () => {
    const { census } = await record();
    await census([{ address: '10.0.0.1', identity: A, flowSchema: 'f' }]);
    const taken = await census([{ address: '10.9.0.1', identity: B, flowSchema: 'f' }]);
    expect(clusterOf(taken, '10.9.0.1')).toBe(A);
    const back = await census([
      { address: '10.0.0.1', identity: A, flowSchema: 'f' },
      { address: '10.9.0.1', identity: B, flowSchema: 'f' },
    ]);
    expect([clusterOf(back, '10.0.0.1'), clusterOf(back, '10.9.0.1')]).toEqual([A, B]);
  });

  it('an address that another cluster took over belongs to that one', async () => {
    const { census } = await record();
    await census([{ address: '10.0.0.1', identity: A }]);
    expect(clusterOf(await census([{ address: '10.0.0.1', identity: B }]), '10.0.0.1')).toBe(B);
  });
});

describe('templates', () => {
  it.each([
    [MAX_CLUSTER_ADDRESSES, 'mark'],
    [MAX_CLUSTER_ADDRESSES + 1, 'template'],
  ])('an identity on %i addresses is a %s', async (count, reason) => {
    const folded = await (await record()).census(apart(count, { identity: A }));
    expect(new Set([...folded.values()].map((member) => member.reason))).toEqual(new Set([reason]));
  });

  it.each([
    [MAX_CLUSTER_NETWORKS, 'mark'],
    [MAX_CLUSTER_NETWORKS + 1, 'template'],
  ])('an identity in %i networks is a %s', async (count, reason) => {
    const shown = apart(count + 2, { identity: A }, (at) => ({ asn: 64_500 + Math.min(at, count - 1) }));
    const folded = await (await record()).census(shown);
    expect(new Set([...folded.values()].map((member) => member.reason))).toEqual(new Set([reason]));
  });

  it('once a template, it joins nothing later either', async () => {
    const { census } = await record();
    await census(apart(MAX_CLUSTER_ADDRESSES + 1, { identity: A }));
    const folded = await census(apart(2, { identity: A }));
    expect([...folded.values()].map(({ reason, mark }) => [reason, mark])).toEqual([
      ['template', A],
      ['template', A],
    ]);
  });

  it('clones with a store of their own are told by it, and those that hide it by nothing', async () => {
    const folded = await (await record()).census([
      { address: '10.0.0.1', identity: A, flowSchema: 'f' },
      { address: '10.1.0.1', identity: A, flowSchema: 'g' },
      { address: '10.2.0.1', identity: A, flowSchema: 'g' },
      { address: '10.3.0.1', identity: A },
    ]);
    expect(clusterOf(folded, '10.0.0.1')).toBe('flowschema:f');
    expect(clusterOf(folded, '10.1.0.1')).toBe('flowschema:g');
    expect(clusterOf(folded, '10.2.0.1')).toBe('flowschema:g');
    expect(reasonOf(folded, '10.3.0.1')).toBe('template');
  });

  it('strangers with copies make no template of their victim', async () => {
    const folded = await (await record()).census([
      { address: '192.0.2.1', identity: A },
      ...apart(MAX_CLUSTER_ADDRESSES + 9, { identity: A, possession: 'failed' }),
    ]);
    expect(clusterOf(folded, '192.0.2.1')).toBe(A);
  });
});

describe('mirrors', () => {
  it.each([
    [MAX_EQUAL_ADDRESSES, false],
    [MAX_EQUAL_ADDRESSES + 1, true],
  ])('one certificate on %i addresses of a prefix is mirrored: %s', async (count, mirrored) => {
    const folded = await (await record()).census([
      ...together(count, { identity: A, certificate: 'one' }),
      { address: '192.0.2.1', identity: A, certificate: 'one' },
    ]);
    expect([...folded.values()].filter((member) => member.mirrored)).toHaveLength(mirrored ? count : 0);
    expect(folded.get('192.0.2.1:6443')).toMatchObject({ cluster: A, mirrored: false });
  });

  it.each([
    [MAX_EQUAL_PORTS, false],
    [MAX_EQUAL_PORTS + 1, true],
  ])('one certificate on %i ports of an address is mirrored: %s', async (count, mirrored) => {
    const shown = Array.from({ length: count }, (_, at) => ({
      address: '10.0.0.1',
      port: 6000 + at,
      identity: A,
      certificate: 'one',
    }));
    const folded = await (await record()).census(shown);
    expect(new Set([...folded.values()].map((member) => member.mirrored))).toEqual(new Set([mirrored]));
  });

  it('a prefix that shows an API server on every address and port is mirrored, whatever the certificates', async () => {
    const { census } = await record();
    const prefix = (addresses: number) =>
      Array.from({ length: addresses * 3 }, (_, at) => ({
        address: `10.0.0.${at % addresses}`,
        port: [443, 6443, 8443][Math.floor(at / addresses)] ?? 0,
        identity: `certificate:${at}`,
      }));
    const few = await census(prefix(127));
    expect([...few.values()].some(({ mirrored }) => mirrored)).toBe(false);
    const whole = await census(prefix(200));
    expect([...whole.values()].every(({ mirrored }) => mirrored)).toBe(true);
    const again = await census(prefix(20));
    expect([...again.values()].some(({ mirrored }) => mirrored)).toBe(false);
  });
});

it('folded again, from any census on, everything is as it was', async () => {
  const { seriesId, census } = await record();
  const weeks = [
    [...apart(3, { identity: A, flowSchema: 'f' }), ...together(12, { identity: 'eks:1', certificate: 'one' })],
    [...apart(2, { identity: B, flowSchema: 'f' }), { address: '192.0.2.1', identity: A }],
    [...apart(70, { identity: A }), { address: '192.0.2.2', identity: B, flowSchema: 'g' }],
    [...apart(2, { identity: B, flowSchema: 'f' }), { address: '192.0.2.2', identity: B, flowSchema: 'g' }],
  ];
  const folded: Map<string, FoldedMember>[] = [];
  for (const shown of weeks) folded.push(await census(shown));
  const dump = async () => {
    const tables = ['memberships', 'clusters', 'cluster_marks', 'templates', 'possessions'];
    const read = async (table: string) =>
      (
        await database
          .pool()
          .query(`SELECT to_jsonb(t) AS row FROM ${table} AS t WHERE series_id = $1 ORDER BY 1`, [seriesId])
      ).rows;
    return await Promise.all(tables.map(read));
  };
  const before = await dump();
  for (const from of [1, 3, 4, 2]) {
    await withTransaction(database.pool('writer'), (client) => refoldFrom(client, seriesId, from));
    expect(await dump()).toEqual(before);
  }
  for (const [at, expected] of folded.entries()) {
    expect(await readFolded(database.pool(), seriesId, at + 1)).toEqual(expected);
  }
});
