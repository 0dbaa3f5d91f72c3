import { AddressSet, parseAddress } from '@kubecensus/shared/addresses';

/** Without word that the exclusions can be read, nothing is dialled after so long. */
export const GATE_STALE_MS = 5_000;

/** The last gate before every connect. Closed until it is first confirmed, and whenever that is too long ago. */
export interface Gate {
  /** The exclusions were read just now; the set where it changed. */
  confirm(exclusions?: AddressSet): void;
  isOpen(): boolean;
  /** Whether nobody may look there. */
  excludes(address: string): boolean;
  /** Resolves when it is open, or the signal aborted. */
  whenOpen(signal: AbortSignal): Promise<void>;
}

/** `now` is a monotonic clock in milliseconds. */
export function createGate(now: () => number = () => performance.now()): Gate {
  let exclusions = AddressSet.EMPTY;
  let confirmedAt = Number.NEGATIVE_INFINITY;
  const waiters = new Set<() => void>();
  const isOpen = () => now() - confirmedAt < GATE_STALE_MS;

  return {
    confirm(changed) {
      exclusions = changed ?? exclusions;
      confirmedAt = now();
      for (const wake of waiters) wake();
      waiters.clear();
    },
    isOpen,
    excludes: (address) => !exclusions.isEmpty && exclusions.contains(parseAddress(address)),
    async whenOpen(signal) {
      while (!isOpen() && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const wake = () => {
            signal.removeEventListener('abort', wake);
            waiters.delete(wake);
            resolve();
          };
          waiters.add(wake);
          signal.addEventListener('abort', wake);
        });
      }
    },
  };
}
