import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabTruth } from '../services/lab/src/index.ts';
import { createRandom } from '../services/lab/src/random.ts';
import type { Database } from '../shared/src/database/index.ts';
import { createTestDatabase } from './support/database.ts';
import { type FoldedItem, toFoldQuality } from './support/fold-quality.ts';
import { createLabRecord, keyOf } from './support/lab-record.ts';

const WEEKS = 5;
const HOSTS = 160;

interface Member {
  address: string;
  port: number;
  cluster: string | null;
  reason: string;
  mirrored: boolean;
}

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** What the record says of every API server of a census. */
async function readMembers(pool: pg.Pool, seriesId: number, census: number): Promise<Map<string, Member>> {
  const { rows } = await pool.query<Member>(
    `SELECT host(address) AS address, port, cluster_id AS cluster, memberships.reason, mirrored
     FROM memberships JOIN endpoints USING (endpoint_id)
     WHERE series_id = $1 AND first_census <= $2 AND COALESCE(last_census, $2) >= $2 AND component = 'kube-apiserver'`,
    [seriesId, census],
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}

interface Seen {
  truth: LabTruth;
  member: Member | undefined;
}

/** Shown by what is no cluster of its own: a mirror, a clone of an image that was cloned whole, a stranger's copy. */
function isApart({ mirrored, template, replays }: LabTruth): boolean {
  return mirrored === true || template === 'template-1' || replays !== undefined;
}

function groupBy<T>(items: readonly T[], toKey: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(toKey(item), [...(groups.get(toKey(item)) ?? []), item]);
  return [...groups.values()];
}

describe.each([1, 2, 3])('weeks of the lab of seed %i', (seed) => {
  const seen: Seen[] = [];

  beforeAll(async () => {
    const pool = database.pool('writer');
    const lab = await createLabRecord(pool, { hosts: HOSTS, seed });
    for (let week = 1; week <= WEEKS; week += 1) {
      const truths = await lab.nextWeek();
      const members = await readMembers(pool, lab.seriesId, week);
      for (const truth of truths) {
        if (truth.present && truth.component === 'kube-apiserver')
          seen.push({ truth, member: members.get(keyOf(truth)) });
      }
    }
  }, 60_000);

  it('no two endpoints are one cluster that are not, and of those that are at least 95 in 100 are told', () => {
    const toItem = ({ truth, member }: Seen): FoldedItem => ({
      truth: truth.clusterId ?? '',
      record: member?.cluster ?? null,
    });
    expect(toFoldQuality(seen.map(toItem)).precision).toBe(1);
    // Mirrors are pairs by the thousand, and with clones and strangers no cluster's: without them the figures say more.
    const { precision, toldPairs } = toFoldQuality(seen.filter(({ member }) => member?.mirrored !== true).map(toItem));
    const { recall, truePairs } = toFoldQuality(seen.filter(({ truth }) => !isApart(truth)).map(toItem));
    process.stdout.write(
      `folding: lab of ${HOSTS} hosts, ${WEEKS} weeks, seed ${seed}: precision ${precision.toFixed(4)} of ${toldPairs} pairs told, recall ${recall.toFixed(4)} of ${truePairs} true ones\n`,
    );
    expect(precision).toBe(1);
    expect(recall).toBeGreaterThanOrEqual(0.95);
  });

  it('mirrors, clones of one image and strangers with copies are told apart, and nothing else is', () => {
    for (const { truth, member } of seen) {
      const about = `${truth.week} ${keyOf(truth)} ${truth.clusterId}`;
      expect({ about, mirrored: member?.mirrored }).toEqual({ about, mirrored: truth.mirrored === true });
      const reason = truth.replays !== undefined ? 'replayed' : truth.template === 'template-1' ? 'template' : 'mark';
      expect({ about, reason: member?.reason }).toEqual({ about, reason });
    }
    expect(new Set(seen.map(({ member }) => member?.reason))).toEqual(new Set(['mark', 'replayed', 'template']));
  });

  it('the lab has what deceives: balanced, renewed, re-addressed and recycled', () => {
    const honest = seen.filter(({ truth }) => !isApart(truth));
    const clusters = groupBy(honest, ({ truth }) => truth.clusterId ?? '');
    const addresses = (of: readonly Seen[]) => new Set(of.map(({ truth }) => truth.address)).size;
    const inWeek = (of: readonly Seen[], week: number) => of.filter(({ truth }) => truth.week === week);
    expect(clusters.some((of) => addresses(inWeek(of, 1)) > 1)).toBe(true);
    expect(clusters.some((of) => addresses(of) > addresses(inWeek(of, WEEKS)) && inWeek(of, WEEKS).length > 1)).toBe(
      true,
    );
    const places = groupBy(honest, ({ truth }) => keyOf(truth));
    expect(places.some((of) => new Set(of.map(({ truth }) => truth.clusterId)).size > 1)).toBe(true);
    expect(seen.some(({ truth }) => truth.transition === 'changed')).toBe(true);
  });
});

it('the order in which a census’ observations arrive changes nothing', async () => {
  const dump = async (shuffleSeed: number | undefined): Promise<unknown[]> => {
    const shuffled = shuffleSeed === undefined ? undefined : createRandom(shuffleSeed, 'arrival');
    const own = await createTestDatabase();
    try {
      const pool = own.pool('writer');
      const lab = await createLabRecord(pool, {
        hosts: 60,
        seed: 4,
        components: true,
        ...(shuffled !== undefined && { shuffle: (all) => shuffled.shuffled(all) }),
      });
      for (let week = 1; week <= 3; week += 1) await lab.nextWeek();
      const { rows } = await pool.query(
        `SELECT host(address) AS address, port, component, first_census, last_census, cluster_id, mark,
                memberships.reason, mirrored, possession
         FROM memberships JOIN endpoints USING (endpoint_id)
         ORDER BY endpoints.address, port, component, first_census`,
      );
      return rows;
    } finally {
      await own.close();
    }
  };
  const inOrder = await dump(undefined);
  expect(inOrder.length).toBeGreaterThan(200);
  for (const seed of [1, 2]) expect(await dump(seed)).toEqual(inOrder);
}, 60_000);
