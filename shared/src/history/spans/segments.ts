import { ASPECT_NAMES, type AspectName } from './aspects.ts';
import type { SpanColumns } from './load-spans.ts';
import { gather, type Numbers } from './numbers.ts';

/**
 * A part of the intervals, for one unit. What has one endpoint only, as most hosts have, is counted as its intervals are;
 * the intervals of all others lie together in columns of their own.
 */
export interface Segment {
  readonly columns: SpanColumns;
  /** 1 for those of the columns that this part has; all where it is missing. */
  readonly only?: Uint8Array;
  /**
   * Which host or cluster each interval belongs to, those of one lying together in the order of their begin: it is
   * counted once however many of them meet a question. Missing: each interval counts by itself.
   */
  readonly group?: Int32Array;
}

interface Divided {
  byHost: readonly Segment[];
  byCluster: readonly Segment[];
}

/** @param columns by address, then by their begin */
export function divide(
  columns: SpanColumns & {
    readonly endpointId: Uint32Array | Float64Array;
    readonly lastCensus: number;
    readonly noCluster: number;
    readonly sizes: Readonly<Record<AspectName, number>>;
  },
): Divided {
  const { length, host, endpointId, first, noCluster, sizes } = columns;
  const { cluster } = columns.aspects;
  const hostCount = length === 0 ? 0 : (host[length - 1] as number) + 1;
  const isSharedHost = toShared(host, endpointId, hostCount);
  const isSharedCluster = toShared(cluster, endpointId, sizes.cluster);
  const aloneOnHost = new Uint8Array(length);
  const aloneInCluster = new Uint8Array(length);
  const [hostRows, clusterRows] = [new Uint32Array(length), new Uint32Array(length)];
  let [hosts, clusters] = [0, 0];
  for (let at = 0; at < length; at += 1) {
    if (isSharedHost[host[at] as number] === 1) hostRows[hosts++] = at;
    else aloneOnHost[at] = 1;
    if (cluster[at] === noCluster) continue;
    if (isSharedCluster[cluster[at] as number] === 1) clusterRows[clusters++] = at;
    else aloneInCluster[at] = 1;
  }
  const byBegin = sortBy(clusterRows.subarray(0, clusters), first, columns.lastCensus + 1);
  const ordered = sortBy(byBegin, cluster, sizes.cluster);
  const ofHosts = gatherColumns(columns, hostRows.subarray(0, hosts));
  const ofClusters = gatherColumns(columns, ordered);
  return {
    byHost: [
      { columns, only: aloneOnHost },
      { columns: ofHosts, group: ofHosts.host },
    ],
    byCluster: [
      { columns, only: aloneInCluster },
      { columns: ofClusters, group: Int32Array.from(ofClusters.aspects.cluster) },
    ],
  };
}

/** Key -> 1 where more than one endpoint has it. */
function toShared(keys: Numbers, endpointId: Uint32Array | Float64Array, size: number): Uint8Array {
  const owner = new Float64Array(size).fill(-1);
  const isShared = new Uint8Array(size);
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as number;
    if (owner[key] === -1) owner[key] = endpointId[at] as number;
    else if (owner[key] !== endpointId[at]) isShared[key] = 1;
  }
  return isShared;
}

/** Rows in the order of their keys, those of one key as they were: counted, not compared, which is 30 times as fast. */
function sortBy(rows: Uint32Array, keys: Numbers, size: number): Uint32Array {
  const next = new Uint32Array(size + 1);
  for (const row of rows) (next[(keys[row] as number) + 1] as number) += 1;
  for (let key = 0; key < size; key += 1) (next[key + 1] as number) += next[key] as number;
  const sorted = new Uint32Array(rows.length);
  for (const row of rows) {
    const key = keys[row] as number;
    sorted[next[key] as number] = row;
    (next[key] as number) += 1;
  }
  return sorted;
}

function gatherColumns(columns: SpanColumns, rows: Uint32Array): SpanColumns {
  const aspects = ASPECT_NAMES.map((aspect) => [aspect, gather(columns.aspects[aspect], rows)]);
  return {
    length: rows.length,
    first: gather(columns.first, rows),
    last: gather(columns.last, rows),
    host: gather(columns.host, rows),
    aspects: Object.fromEntries(aspects) as SpanColumns['aspects'],
  };
}
