import type { SpanColumns } from './load-spans.ts';
import { type Question, restrictToCensus } from './row-test.ts';

/** What became of clusters between two censuses. */
export interface ClusterDiff {
  stayed: number;
  came: number;
  went: number;
}

interface End {
  census: number;
  meets: Question;
}

/** Counts clusters by the ends at which one of their intervals meets the question. */
export function toClusterDiff(columns: SpanColumns, { earlier, later }: { earlier: End; later: End }): ClusterDiff {
  const [before, after] = [earlier, later].map((end) => clustersOf(columns, end));
  const diff = { stayed: 0, came: 0, went: 0 };
  for (const cluster of before ?? []) diff[after?.has(cluster) === true ? 'stayed' : 'went'] += 1;
  diff.came = (after?.size ?? 0) - diff.stayed;
  return diff;
}

function clustersOf(columns: SpanColumns, { census, meets }: End): Set<number> {
  const chosen = restrictToCensus(columns, meets(columns), census);
  const clusters = new Set<number>();
  for (let at = 0; at < columns.length; at += 1) if (chosen[at] === 1) clusters.add(columns.group[at] as number);
  return clusters;
}
