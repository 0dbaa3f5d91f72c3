import { formatAddress } from '../../addresses/index.ts';
import { parseAddressKey } from '../language/address-key.ts';
import { DIFF_STATES, type DiffRow, type DiffState } from '../queries/diff-states.ts';
import { type ProfileRow, readEndings, readProfiles } from './aspect-rows.ts';
import type { Spans } from './load-spans.ts';
import { forEachPair } from './pair-rows.ts';
import type { Question } from './row-test.ts';

interface End {
  census: number;
  meets: Question;
}

export interface DiffOfSpans {
  earlier: End;
  later: End;
  /** Rows that are listed. */
  limit: number;
}

/** What became of clusters between two censuses: of those with an endpoint that meets the question in one of them. */
export interface ClusterDiff {
  stayed: number;
  came: number;
  went: number;
}

interface Found {
  state: DiffState;
  /** Intervals that cover the two censuses; -1 where none does. */
  earlier: number;
  later: number;
}

/** One walk over the intervals: those of an endpoint lie together with the others of its address. */
export async function toDiff(
  spans: Spans,
  { earlier, later, limit }: DiffOfSpans,
): Promise<{ counts: Record<DiffState, number>; clusters: ClusterDiff; rows: DiffRow[] }> {
  const [endings, profiles] = await Promise.all([readEndings(spans), readProfiles(spans)]);
  const { last, host, endpointId, evidenceId, length, noCluster, sizes } = spans;
  const { ending, cluster, profile } = spans.aspects;
  const counts = Object.fromEntries(DIFF_STATES.map((state) => [state, 0])) as Record<DiffState, number>;
  const found: Found[] = [];
  /** Cluster -> 1 where it was in the earlier census, 2 in the later, 3 in both. */
  const ofCluster = new Uint8Array(sizes.cluster);
  const mark = (row: number, bit: number) => {
    const number = cluster[row] as number;
    if (number !== noCluster) (ofCluster[number] as number) |= bit;
  };

  forEachPair(spans, earlier.census, later.census, ({ earlier: ones, later: others, count }) => {
    const metEarlier = testPairs(earlier.meets, ones, others, count);
    const metLater = testPairs(later.meets, others, ones, count);
    for (let at = 0; at < count; at += 1) {
      const [before, after] = [ones[at] as number, others[at] as number];
      const wasMet = before !== -1 && metEarlier[at] === 1;
      const isMet = after !== -1 && metLater[at] === 1;
      if (!wasMet && !isMet) continue;
      if (wasMet) mark(before, 1);
      if (isMet) mark(after, 2);
      const state = toState(before, after, wasMet, isMet);
      counts[state] += 1;
      if (state !== 'unchanged' && isListed(before === -1 ? after : before))
        found.push({ state, earlier: before, later: after });
    }
  });
  const rows = found.sort(comparePlaces).slice(0, limit).map(toRow);
  return { counts, clusters: countClusters(ofCluster), rows };

  /** The missing one of a pair stands for nothing: its partner is tested in its place, and the result thrown away. */
  function testPairs(meets: Question, ones: Int32Array, others: Int32Array, count: number): Uint8Array {
    const rows = new Int32Array(count);
    for (let at = 0; at < count; at += 1) rows[at] = (ones[at] === -1 ? others[at] : ones[at]) as number;
    const result = new Uint8Array(count);
    meets.test(spans, rows, count, result);
    return result;
  }

  /** What comes behind the last row that is shown, by address, is not kept. */
  function isListed(row: number): boolean {
    const bound = found[limit - 1];
    return bound === undefined || host[row] === host[Math.max(bound.earlier, bound.later)];
  }

  function toState(before: number, after: number, wasMet: boolean, isMet: boolean): DiffState {
    if (before === -1) {
      const past = lastBefore(after, earlier.census);
      if (past === -1) return 'new';
      return toEnding(past, earlier.census) === 'not-reached' ? 'back' : 'reappeared';
    }
    if (after === -1) return toEnding(lastBefore(before, later.census), later.census) as DiffState;
    if (!wasMet) return 'entered';
    if (!isMet) return 'left';
    return evidenceId[before] === evidenceId[after] ? 'unchanged' : 'changed';
  }

  /** The last interval of a row's endpoint that ends before a census; -1 where none does. */
  function lastBefore(row: number, census: number): number {
    let latest = -1;
    let at = row;
    while (at > 0 && host[at - 1] === host[row]) at -= 1;
    for (; at < length && host[at] === host[row]; at += 1) {
      if (endpointId[at] !== endpointId[row] || (last[at] as number) >= census) continue;
      if (latest === -1 || (last[at] as number) > (last[latest] as number)) latest = at;
    }
    return latest;
  }

  /** What ended an interval, as it was known in a census. */
  function toEnding(at: number, census: number): string | null {
    const { ended = null, fate = null, fate_census: told = null } = endings[ending[at] as number] ?? {};
    return told !== null && told <= census ? fate : ended;
  }

  function profileOf(at: number): ProfileRow | undefined {
    return at === -1 ? undefined : profiles[profile[at] as number];
  }

  function comparePlaces(a: Found, b: Found): number {
    const [row, other] = [Math.max(a.earlier, a.later), Math.max(b.earlier, b.later)];
    const [one, two] = [profileOf(row), profileOf(other)];
    const byHost = (host[row] as number) - (host[other] as number);
    if (byHost !== 0 || one === undefined || two === undefined) return byHost;
    return one.port - two.port || (one.component < two.component ? -1 : one.component > two.component ? 1 : 0);
  }

  function toRow({ state, earlier: before, later: after }: Found): DiffRow {
    const [one, other] = [profileOf(before), profileOf(after)];
    const key = spans.hosts.key(host[Math.max(before, after)] as number);
    return {
      state,
      address: formatAddress(parseAddressKey(key)),
      port: one?.port ?? other?.port ?? 0,
      component: one?.component ?? other?.component ?? '',
      distributions: [one?.distribution ?? null, other?.distribution ?? null],
      versions: [one?.version ?? null, other?.version ?? null],
    };
  }
}

function countClusters(marks: Uint8Array): ClusterDiff {
  const counts = new Int32Array(4);
  for (const one of marks) (counts[one] as number) += 1;
  return { stayed: counts[3] ?? 0, came: counts[2] ?? 0, went: counts[1] ?? 0 };
}
