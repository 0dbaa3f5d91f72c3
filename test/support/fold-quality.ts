/** One endpoint in one week: the cluster that it is a part of, and the one that the record says; null where it says none. */
export interface FoldedItem {
  truth: string;
  record: string | null;
}

export interface FoldQuality {
  items: number;
  /** Pairs that are one cluster, and pairs that the record says are one. */
  truePairs: number;
  toldPairs: number;
  /** Of the pairs that the record says are one cluster, those that are; and the other way round. 1 where there is none. */
  precision: number;
  recall: number;
}

/** Holds every pair of items against the truth (Rand's pairs, 1971), counted by the cells of the two partitions. */
export function toFoldQuality(items: readonly FoldedItem[]): FoldQuality {
  const pairs = (sizes: Iterable<number>) => [...sizes].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
  const told = items.filter(({ record }) => record !== null);
  const truePairs = pairs(countBy(items, ({ truth }) => truth));
  const toldPairs = pairs(countBy(told, ({ record }) => record ?? ''));
  const right = pairs(countBy(told, ({ truth, record }) => JSON.stringify([truth, record])));
  return {
    items: items.length,
    truePairs,
    toldPairs,
    precision: toldPairs === 0 ? 1 : right / toldPairs,
    recall: truePairs === 0 ? 1 : right / truePairs,
  };
}

function countBy<T>(items: readonly T[], toKey: (item: T) => string): Iterable<number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(toKey(item), (counts.get(toKey(item)) ?? 0) + 1);
  return counts.values();
}
