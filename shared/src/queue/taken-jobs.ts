import type { QueueError } from './queue-error.ts';

/** A message that this process has taken and not yet answered for. */
export interface TakenJob {
  readonly id: string;
  /** Proof of the lock, which the server compares. */
  readonly token: string;
  /** Aborts when the message is no longer this process's business. */
  readonly signal: AbortSignal;
  /** Why it is not: stop or lost lock. No answer is to be given for it then. */
  readonly withdrawal: QueueError | undefined;
}

/** Every message between its claim and the server's acknowledgement of the answer. */
export interface TakenJobs {
  readonly size: number;
  readonly isOpen: boolean;
  /** Whether the next claim is to be kept; a claim that arrives after a shut goes back. */
  setOpen(isOpen: boolean): void;
  add(id: string, token: string): void;
  find(id: string): TakenJob | undefined;
  list(): TakenJob[];
  /** Its work is over and the answer is on its way: it cannot be lost or handed back any more. */
  answer(job: TakenJob): void;
  withdraw(id: string, reason: QueueError): void;
  /** Nothing, if the message was taken anew since. */
  remove(job: TakenJob): void;
  /** Resolves when there is none. */
  whenEmpty(): Promise<void>;
}

interface Entry {
  id: string;
  token: string;
  aborter: AbortController;
  signal: AbortSignal;
  isAnswered: boolean;
  withdrawal: QueueError | undefined;
}

export function createTakenJobs(): TakenJobs {
  const entries = new Map<string, Entry>();
  const waiters = new Set<() => void>();
  let isOpen = true;

  return {
    get size() {
      return entries.size;
    },
    get isOpen() {
      return isOpen;
    },
    setOpen(value) {
      isOpen = value;
    },
    add(id, token) {
      const aborter = new AbortController();
      entries.set(id, { id, token, aborter, signal: aborter.signal, isAnswered: false, withdrawal: undefined });
    },
    find: (id) => entries.get(id),
    list: () => [...entries.values()],
    answer(job) {
      const entry = entries.get(job.id);
      if (entry === job) entry.isAnswered = true;
    },
    withdraw(id, reason) {
      const entry = entries.get(id);
      if (entry === undefined || entry.isAnswered || entry.withdrawal !== undefined) return;
      entry.withdrawal = reason;
      entry.aborter.abort(reason);
    },
    remove(job) {
      if (entries.get(job.id) !== job) return;
      entries.delete(job.id);
      if (entries.size > 0) return;
      for (const wake of waiters) wake();
      waiters.clear();
    },
    whenEmpty() {
      if (entries.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        waiters.add(resolve);
      });
    },
  };
}
