import { beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../../../test/support/recorded-history.ts';
import { ASPECT_NAMES } from './aspects.ts';
import type { SpanColumns } from './load-spans.ts';
import type { Question } from './row-test.ts';
import { type Divided, type Divisible, divide, type Part, type Unit } from './segments.ts';
import type { Split } from './split.ts';
import { tallyCensus } from './tally-census.ts';
import { tallyTrend } from './tally-trend.ts';

const CENSUSES = 12;
const HOSTS = 900;
const CLUSTERS = 300;
const NO_CLUSTER = CLUSTERS;

interface Interval {
  endpoint: number;
  host: number;
  first: number;
  last: number;
  profile: number;
  cluster: number;
}

let intervals: Interval[];
let divided: Divided;

/** Hosts of one to three endpoints, clusters of hosts that are often alike, intervals without gaps or with some. */
beforeAll(async () => {
  const random = createRandom(41);
  const below = (bound: number) => Math.floor(random() * bound);
  intervals = [];
  let endpoint = 0;
  for (let host = 0; host < HOSTS; host += 1) {
    const ofHost: Interval[] = [];
    const cluster = random() < 0.1 ? NO_CLUSTER : below(CLUSTERS);
    for (let of = random() < 0.8 ? 1 : 3; of > 0; of -= 1) {
      endpoint += 1;
      // Most endpoints of a cluster show the same, and begin together.
      const looks = random() < 0.7 ? createRandom(cluster) : random;
      for (let first = 1 + Math.floor(looks() * 4); first <= CENSUSES; ) {
        const last = Math.min(CENSUSES, first + Math.floor(looks() * 6));
        ofHost.push({ endpoint, host, first, last, profile: Math.floor(looks() * 5), cluster });
        first = last + 1 + (looks() < 0.3 ? 1 : 0);
      }
    }
    intervals.push(...ofHost.sort((a, b) => a.first - b.first));
  }
  divided = await divide(toColumns());
});

function toColumns(): Divisible {
  const column = (of: (one: Interval) => number) => Int32Array.from(intervals, of);
  const none = new Uint8Array(intervals.length);
  const aspects = Object.fromEntries(ASPECT_NAMES.map((aspect) => [aspect, none])) as unknown as SpanColumns['aspects'];
  return {
    length: intervals.length,
    first: column(({ first }) => first),
    last: column(({ last }) => last),
    host: column(({ host }) => host),
    endpointId: Uint32Array.from(intervals, ({ endpoint }) => endpoint),
    aspects: {
      ...aspects,
      profile: column(({ profile }) => profile),
      cluster: column(({ cluster }) => cluster),
    },
    lastCensus: CENSUSES,
    noCluster: NO_CLUSTER,
    sizes: { profile: 5, cluster: CLUSTERS + 1, place: 1, validity: 1, beginning: 1, folding: 1, ending: 1 },
  };
}

const everything = (reads: readonly Part[]): Question => ({
  reads: new Set(reads),
  keep: (_columns, _rows, count) => count,
  test: (_columns, _rows, count, result) => void result.fill(1, 0, count),
});

const byProfile: Split = {
  reads: ['profile'],
  fixedSize: 5,
  size: () => 5,
  code({ aspects }, rows, count, codes) {
    for (let at = 0; at < count; at += 1) codes[at] = aspects.profile[rows[at] ?? 0] ?? 0;
  },
  compare: (one, other) => one - other,
  values: async (codes) => codes.map((code) => [String(code)]),
};

const keyOf: Record<Unit, (one: Interval) => number> = {
  endpoint: ({ endpoint }) => endpoint,
  host: ({ host }) => host,
  cluster: ({ cluster }) => cluster,
};

function countNaively(unit: Unit, census: number, isCounted: (profile: number) => boolean): number {
  const present = intervals.filter(
    ({ first, last, profile }) => first <= census && last >= census && isCounted(profile),
  );
  const counted = present.filter(({ cluster }) => unit !== 'cluster' || cluster !== NO_CLUSTER);
  return new Set(counted.map(keyOf[unit])).size;
}

const ALL_CENSUSES = Array.from({ length: CENSUSES }, (_, at) => at + 1);

it.each<[Unit, Part[]]>([
  ['endpoint', ['profile']],
  ['endpoint', ['profile', 'validity']],
  ['host', ['profile']],
  ['host', ['profile', 'cluster']],
  ['cluster', ['profile']],
  ['cluster', ['profile', 'validity']],
  ['cluster', ['profile', 'host']],
])('each %s is counted once in its cells, in the total and beside them, for who reads %j', (unit, reads) => {
  const meets = everything(reads);
  const segments = divided.segments(unit, meets.reads);
  const asked = { segments, meets, split: byProfile, censuses: ALL_CENSUSES, lastCensus: CENSUSES, limit: 2 };
  for (const split of [byProfile, { ...byProfile, fixedSize: undefined }]) {
    const { shown, counts, total, other, lines } = tallyTrend({ ...asked, split });
    expect(lines).toBe(5);
    expect(total).toEqual(ALL_CENSUSES.map((census) => countNaively(unit, census, () => true)));
    expect(counts).toEqual(
      shown.map((code) => ALL_CENSUSES.map((census) => countNaively(unit, census, (profile) => profile === code))),
    );
    expect(other).toEqual(
      ALL_CENSUSES.map((census) => countNaively(unit, census, (profile) => !shown.includes(profile))),
    );
  }
  for (const census of ALL_CENSUSES) {
    const tally = tallyCensus(segments, meets, byProfile, census);
    expect([...tally.counts]).toEqual([0, 1, 2, 3, 4].map((code) => countNaively(unit, census, (one) => one === code)));
    expect(tally.total).toBe(countNaively(unit, census, () => true));
    expect(tally.countWithout([1, 3])).toBe(countNaively(unit, census, (one) => one !== 1 && one !== 3));
  }
});

it('what is alike is fewer rows, and clusters whose endpoints differ in their address alone are counted as they are', () => {
  const [narrow] = divided.segments('endpoint', new Set(['profile']));
  expect(narrow?.columns.length).toBeLessThan(intervals.length / 2);
  const [, shared] = divided.segments('cluster', new Set(['profile']));
  const [whole] = divided.segments('cluster', new Set(['host']));
  expect(shared?.columns.length).toBeLessThan(whole?.columns.length ?? 0);
});
