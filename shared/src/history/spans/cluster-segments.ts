import { ASPECT_NAMES } from './aspects.ts';
import type { SpanColumns } from './load-spans.ts';
import { gatherColumns, type Numbers } from './numbers.ts';
import type { Divisible, Segment } from './segments.ts';

/** Rows of one cluster and begin that are held against each other: more endpoints that are alike stay several rows. */
const MAX_COMPARED = 16;

/** Everything that a question without addresses can read. */
const COMPARED = ASPECT_NAMES.filter((aspect) => aspect !== 'ending');

/**
 * Endpoints of a cluster that differ in nothing but their address, as those of a cloud do, are one row. A cluster whose
 * rows never overlap then is counted as they are; the rows of all others lie together, by cluster, then by their begin.
 */
export function divideClusters(columns: Divisible): { weights: Uint8Array; shared: Segment } {
  const ordered = orderByCluster(columns);
  const { first, last, length } = columns;
  const { cluster } = columns.aspects;
  const weights = new Uint8Array(length);
  const shared = new Uint32Array(ordered.length);
  let count = 0;
  let kept: number[] = [];
  for (let begin = 0, end = 0; begin < ordered.length; begin = end) {
    const one = cluster[ordered[begin] as number];
    kept = [];
    let isShared = false;
    let covered = -1;
    for (; end < ordered.length && cluster[ordered[end] as number] === one; end += 1) {
      const row = ordered[end] as number;
      if (isKnown(columns, kept, row)) continue;
      kept.push(row);
      if ((first[row] as number) <= covered) isShared = true;
      covered = Math.max(covered, last[row] as number);
    }
    for (const row of kept) {
      if (isShared) shared[count++] = row;
      else weights[row] = 1;
    }
  }
  return { weights, shared: toShared(columns, shared.subarray(0, count)) };
}

/** Each endpoint by itself, with its address. */
export function divideClustersByHost(columns: Divisible): readonly Segment[] {
  return [toShared(columns, orderByCluster(columns))];
}

function toShared(columns: SpanColumns, rows: Uint32Array): Segment {
  const shared = gatherColumns(columns, rows, COMPARED);
  return { columns: shared, group: Int32Array.from(shared.aspects.cluster) };
}

function isKnown(columns: SpanColumns, kept: readonly number[], row: number): boolean {
  for (let at = kept.length - 1; at >= 0 && at >= kept.length - MAX_COMPARED; at -= 1) {
    const other = kept[at] as number;
    if (columns.first[other] !== columns.first[row]) return false;
    if (columns.last[other] !== columns.last[row]) continue;
    if (COMPARED.every((aspect) => columns.aspects[aspect][other] === columns.aspects[aspect][row])) return true;
  }
  return false;
}

/** Rows of a cluster, by its number, then by their begin. */
function orderByCluster({ aspects, first, length, lastCensus, noCluster, sizes }: Divisible): Uint32Array {
  const { cluster } = aspects;
  const rows = new Uint32Array(length);
  let count = 0;
  for (let row = 0; row < length; row += 1) if (cluster[row] !== noCluster) rows[count++] = row;
  return sortBy(sortBy(rows.subarray(0, count), first, lastCensus + 1), cluster, sizes.cluster);
}

/** Rows in the order of their keys, those of one key as they were: counted, not compared, which is 30 times as fast. */
export function sortBy(rows: Uint32Array, keys: Numbers, size: number): Uint32Array {
  const next = new Uint32Array(size + 1);
  for (let at = 0; at < rows.length; at += 1) (next[(keys[rows[at] as number] as number) + 1] as number) += 1;
  for (let key = 0; key < size; key += 1) (next[key + 1] as number) += next[key] as number;
  const sorted = new Uint32Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] as number;
    const key = keys[row] as number;
    sorted[next[key] as number] = row;
    (next[key] as number) += 1;
  }
  return sorted;
}
