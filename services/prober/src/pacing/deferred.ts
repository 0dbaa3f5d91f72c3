/** What is to be done at its own moment, the earliest first. A heap: a hundred thousand cost little more than one. */
export interface Deferred<T> {
  add(item: T, at: number): void;
  /** The earliest moment; Infinity where nothing waits. */
  readonly nextAt: number;
  /** Takes the earliest. */
  take(): T | undefined;
  readonly size: number;
}

export function createDeferred<T>(): Deferred<T> {
  const heap: { at: number; item: T }[] = [];
  const isBefore = (a: number, b: number) =>
    (heap[a]?.at ?? Number.POSITIVE_INFINITY) < (heap[b]?.at ?? Number.POSITIVE_INFINITY);
  const swap = (a: number, b: number) => {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return;
    heap[a] = second;
    heap[b] = first;
  };

  return {
    add(item, at) {
      heap.push({ at, item });
      for (let child = heap.length - 1; child > 0; ) {
        const parent = (child - 1) >>> 1;
        if (!isBefore(child, parent)) return;
        swap(child, parent);
        child = parent;
      }
    },
    get nextAt() {
      return heap[0]?.at ?? Number.POSITIVE_INFINITY;
    },
    take() {
      swap(0, heap.length - 1);
      const taken = heap.pop();
      for (let parent = 0; ; ) {
        const left = parent * 2 + 1;
        const child = isBefore(left + 1, left) ? left + 1 : left;
        if (!isBefore(child, parent)) break;
        swap(child, parent);
        parent = child;
      }
      return taken?.item;
    },
    get size() {
      return heap.length;
    },
  };
}
