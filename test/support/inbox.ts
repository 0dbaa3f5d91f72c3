/** What a handler was given, and a promise for the moment when it was given enough. */
export interface Inbox<T> {
  readonly items: readonly T[];
  put(item: T): void;
  /** Resolves when at least `count` items came, or when one of them passes. */
  until(enough: number | ((item: T) => boolean)): Promise<T[]>;
}

export function createInbox<T>(): Inbox<T> {
  const items: T[] = [];
  const waiters = new Set<() => boolean>();
  return {
    items,
    put(item) {
      items.push(item);
      for (const wake of waiters) if (wake()) waiters.delete(wake);
    },
    until(enough) {
      const isEnough = () => (typeof enough === 'number' ? items.length >= enough : items.some(enough));
      return new Promise((resolve) => {
        const wake = () => {
          if (!isEnough()) return false;
          resolve([...items]);
          return true;
        };
        if (!wake()) waiters.add(wake);
      });
    },
  };
}

/** A gate for handlers: they wait at it until it is opened. */
export function createLatch(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
