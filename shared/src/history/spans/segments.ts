import { setImmediate as breathe } from 'node:timers/promises';
import { ASPECT_NAMES, type AspectName } from './aspects.ts';
import { divideClusters, divideClustersByHost, sortBy } from './cluster-segments.ts';
import type { SpanColumns } from './load-spans.ts';
import { createNarrow, NARROW_ASPECTS } from './narrow-columns.ts';
import { gatherColumns } from './numbers.ts';

/** A part of the intervals, for one unit. */
export interface Segment {
  readonly columns: SpanColumns;
  /** How many of the unit each row stands for, 0 where it is counted in another part; 1 where it is missing. */
  readonly weights?: Weights;
  /**
   * Which host or cluster each row belongs to, those of one lying together in the order of their begin: it is counted
   * once however many of them meet a question. Missing: each row counts by itself.
   */
  readonly group?: Int32Array;
}

export type Weights = Uint8Array | Int32Array;

/** What a question reads: aspects, addresses, or the evidence itself. */
export type Part = AspectName | 'host' | 'evidence';

export type Unit = 'endpoint' | 'host' | 'cluster';

export interface Divided {
  /** The parts of the intervals in which a unit is counted, for a question that reads no more than this. */
  segments(unit: Unit, reads: ReadonlySet<Part>): readonly Segment[];
}

export interface Divisible extends SpanColumns {
  readonly endpointId: Uint32Array | Float64Array;
  readonly lastCensus: number;
  readonly noCluster: number;
  readonly sizes: Readonly<Record<AspectName, number>>;
}

/**
 * What has one endpoint only, as most hosts have, is counted as its intervals are; the intervals of all others lie
 * together in columns of their own. Where a question reads little, intervals that are alike in that are one row.
 * @param columns by address, then by their begin
 */
export async function divide(columns: Divisible): Promise<Divided> {
  const whole = orderByClusterOfHost(columns);
  await breathe();
  const hosts = divideHosts(whole);
  await breathe();
  const clusters = divideClusters(whole);
  await breathe();
  const narrow = await createNarrow(whole, { host: hosts.weights, cluster: clusters.weights });
  const { first, last, host, aspects, length } = whole;
  const counted: SpanColumns = { first, last, host, aspects, length };
  let byHost: readonly Segment[] | undefined;
  return {
    segments(unit, reads) {
      // Endpoints of a cluster that differ in nothing but their address are one row there: of no use to who asks for it.
      if (unit === 'cluster' && (reads.has('host') || reads.has('evidence'))) {
        byHost ??= divideClustersByHost(whole);
        return byHost;
      }
      const isNarrow = [...reads].every((part) => NARROW_ASPECTS.some((aspect) => aspect === part));
      if (unit === 'endpoint') return [isNarrow ? narrow.endpoint : { columns: counted }];
      const { weights, shared } = unit === 'host' ? hosts : clusters;
      return [isNarrow ? narrow[unit] : { columns: counted, weights }, shared];
    },
  };
}

/**
 * Hosts in the order of the clusters that they begin in: what is counted by cluster is then written one beside the other,
 * and not all over 10 MB, which takes ten times as long.
 */
function orderByClusterOfHost(columns: Divisible): Divisible {
  const { host, length, aspects, endpointId } = columns;
  const clusterOfHost = new Int32Array(length === 0 ? 0 : (host[length - 1] as number) + 1);
  for (let row = length - 1; row >= 0; row -= 1) clusterOfHost[host[row] as number] = aspects.cluster[row] as number;
  const keys = new Int32Array(length);
  const rows = new Uint32Array(length);
  for (let row = 0; row < length; row += 1) {
    keys[row] = clusterOfHost[host[row] as number] as number;
    rows[row] = row;
  }
  const ordered = sortBy(rows, keys, columns.sizes.cluster);
  const moved = endpointId instanceof Uint32Array ? new Uint32Array(length) : new Float64Array(length);
  for (let row = 0; row < length; row += 1) moved[row] = endpointId[ordered[row] as number] as number;
  return { ...columns, ...gatherColumns(columns, ordered, COUNTED_ASPECTS), endpointId: moved };
}

/** How a thing ended is no question's and no split's. */
const COUNTED_ASPECTS = ASPECT_NAMES.filter((aspect) => aspect !== 'ending');

function divideHosts(columns: Divisible): { weights: Uint8Array; shared: Segment } {
  const { host, endpointId, length } = columns;
  const weights = new Uint8Array(length);
  const rows = new Uint32Array(length);
  let count = 0;
  for (let begin = 0, end = 0; begin < length; begin = end) {
    let isShared = false;
    for (; end < length && host[end] === host[begin]; end += 1) isShared ||= endpointId[end] !== endpointId[begin];
    for (let row = begin; row < end; row += 1) {
      if (isShared) rows[count++] = row;
      else weights[row] = 1;
    }
  }
  const shared = gatherColumns(columns, rows.subarray(0, count), COUNTED_ASPECTS);
  return { weights, shared: { columns: shared, group: shared.host } };
}
