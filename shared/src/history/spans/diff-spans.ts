import { formatAddress } from '../../addresses/index.ts';
import { parseAddressKey } from '../language/address-key.ts';
import { DIFF_STATES, type DiffRow, type DiffState } from '../queries/diff-states.ts';
import type { Spans } from './load-spans.ts';
import type { Question } from './row-test.ts';

export interface DiffOfSpans {
  earlier: { census: number; meets: Question };
  later: { census: number; meets: Question };
  /** Rows that are listed. */
  limit: number;
}

interface Found {
  state: DiffState;
  /** Intervals that cover the two censuses; -1 where none does. */
  earlier: number;
  later: number;
}

interface ProfileRow {
  port: number;
  component: string;
  distribution: string | null;
  version: string | null;
}

interface EndingRow {
  ended: string | null;
  fate: string | null;
  fate_census: number | null;
}

/** One walk over the intervals: those of an endpoint lie together with the others of its address. */
export async function toDiff(
  spans: Spans,
  { earlier, later, limit }: DiffOfSpans,
): Promise<{ counts: Record<DiffState, number>; rows: DiffRow[] }> {
  const [meetsEarlier, meetsLater] = [earlier.meets(spans), later.meets(spans)];
  const endings = await spans.read<EndingRow>('ending', 'ended, fate, fate_census');
  const profiles = await spans.read<ProfileRow>('profile', 'port, component, distribution, version');
  const { first, last, host, endpointId, evidenceId, length } = spans;
  const ending = spans.aspects.ending;
  const counts = Object.fromEntries(DIFF_STATES.map((state) => [state, 0])) as Record<DiffState, number>;
  const found: Found[] = [];
  const covers = (at: number, census: number) => (first[at] as number) <= census && (last[at] as number) >= census;

  for (let begin = 0, end = 0; begin < length; begin = end) {
    while (end < length && host[end] === host[begin]) end += 1;
    const ofHost: Found[] = [];
    for (let at = begin; at < end; at += 1) {
      const isEarlier = covers(at, earlier.census);
      const isLater = covers(at, later.census);
      if (!isEarlier && !isLater) continue;
      let [before, after] = [isEarlier ? at : -1, isLater ? at : -1];
      for (let other = begin; other < end; other += 1) {
        if (other === at || endpointId[other] !== endpointId[at]) continue;
        if (before === -1 && covers(other, earlier.census)) before = other;
        if (after === -1 && covers(other, later.census)) after = other;
      }
      // Of an endpoint's two intervals the earlier one speaks.
      if (before !== -1 && before !== at) continue;
      const metEarlier = before !== -1 && (meetsEarlier === undefined || meetsEarlier[before] === 1);
      const metLater = after !== -1 && (meetsLater === undefined || meetsLater[after] === 1);
      if (!metEarlier && !metLater) continue;
      const state = toState(begin, end, before, after, metEarlier, metLater);
      counts[state] += 1;
      if (state !== 'unchanged' && found.length < limit) ofHost.push({ state, earlier: before, later: after });
    }
    if (ofHost.length > 1) ofHost.sort(comparePlaces);
    found.push(...ofHost);
  }
  return { counts, rows: found.slice(0, limit).map(toRow) };

  function toState(
    begin: number,
    end: number,
    before: number,
    after: number,
    metEarlier: boolean,
    metLater: boolean,
  ): DiffState {
    if (before === -1) {
      const past = lastBefore(begin, end, endpointId[after] as number, earlier.census);
      if (past === -1) return 'new';
      return toEnding(past, earlier.census) === 'not-reached' ? 'back' : 'reappeared';
    }
    if (after === -1) {
      const past = lastBefore(begin, end, endpointId[before] as number, later.census);
      return toEnding(past, later.census) as DiffState;
    }
    if (!metEarlier) return 'entered';
    if (!metLater) return 'left';
    return evidenceId[before] === evidenceId[after] ? 'unchanged' : 'changed';
  }

  /** The last interval of an endpoint that ends before a census; -1 where none does. */
  function lastBefore(begin: number, end: number, endpoint: number, census: number): number {
    let latest = -1;
    for (let at = begin; at < end; at += 1) {
      if (endpointId[at] !== endpoint || (last[at] as number) >= census) continue;
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
    return at === -1 ? undefined : profiles[spans.aspects.profile[at] as number];
  }

  function comparePlaces(a: Found, b: Found): number {
    const [one, other] = [profileOf(Math.max(a.earlier, a.later)), profileOf(Math.max(b.earlier, b.later))];
    if (one === undefined || other === undefined) return 0;
    return one.port - other.port || (one.component < other.component ? -1 : one.component > other.component ? 1 : 0);
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
