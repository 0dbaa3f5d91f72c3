import { toError } from '../errors/index.ts';
import { QueueError } from './queue-error.ts';
import type { QueueLog } from './queue-log.ts';
import { NEXT_STEP, readStoreTrouble, type StoreTrouble } from './store-trouble.ts';

/** No more than one line about trouble of one kind in this time; a server at its limit would fill the log else. */
const QUIET_MS = 10_000;

/**
 * What one side (adding, or working) knows of the server. A server that is away fails every call there is; people hear
 * of it once when it goes and once when it comes back.
 */
export interface StoreHealth {
  /** A call got an honest answer. */
  answered(): void;
  /** Notes the error if it is trouble of the server, and says so; undefined and no word if it is not. */
  failed(caught: unknown): StoreTrouble | undefined;
}

export function createStoreHealth(log: QueueLog, server: string, now: () => number = Date.now): StoreHealth {
  const saidAt = new Map<StoreTrouble, number>();
  let trouble: StoreTrouble | undefined;
  let isSaid = false;

  return {
    answered() {
      if (trouble === undefined) return;
      if (isSaid) log.info({ server }, `the queue server ${server} is well again`);
      trouble = undefined;
    },
    failed(caught) {
      const found = readStoreTrouble(caught);
      if (found === undefined || found === trouble) return found;
      trouble = found;
      isSaid = now() - (saidAt.get(found) ?? Number.NEGATIVE_INFINITY) >= QUIET_MS;
      if (isSaid) {
        saidAt.set(found, now());
        const reason = toError(caught).message;
        const line = caught instanceof QueueError ? reason : `${reason}; ${NEXT_STEP[found]}`;
        log.warn(
          { server, code: found },
          `the queue server ${server} is in trouble: ${line}; work goes on by itself after that`,
        );
      }
      return found;
    },
  };
}
