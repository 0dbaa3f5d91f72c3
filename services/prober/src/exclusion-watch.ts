import type { AddressSet } from '@kubecensus/shared/addresses';
import { listenTo } from '@kubecensus/shared/database';
import { toError } from '@kubecensus/shared/errors';
import {
  EXCLUSIONS_CHANNEL,
  type ExclusionsRead,
  nextExclusionChange,
  readExclusions,
  readExclusionsVersion,
  toExclusionSet,
} from '@kubecensus/shared/exclusions';
import type { Logger } from '@kubecensus/shared/log';
import type pg from 'pg';

/** Beside the notification, which may be lost. Well below the 5 s after which an unconfirmed gate closes. */
const POLL_MS = 2_000;
/** A statement that takes longer has failed: the next one may still confirm the gate in time. */
const READ_TIMEOUT_MS = 1_500;

export interface ExclusionWatch {
  /** Resolves after the first successful read, which was told before; rejects where it fails. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/**
 * Reads the exclusions when they change, by a notification or a poll of their version, and when one of them begins or
 * ends by the clock. `tell` is called after every successful look, with the set where it may have changed.
 */
export function watchExclusions(
  pool: pg.Pool,
  log: Pick<Logger, 'warn' | 'info'>,
  tell: (exclusions?: AddressSet) => void,
): ExclusionWatch {
  let known: ExclusionsRead | undefined;
  let changesAt: Date | undefined;
  let isUnreadable = false;
  let looking: Promise<void> | undefined;
  let isWanted = false;

  async function look(): Promise<void> {
    const { version, readAt } = await within(READ_TIMEOUT_MS, readExclusionsVersion(pool));
    if (known?.version === version && (changesAt === undefined || readAt < changesAt)) return tell();
    known = await within(READ_TIMEOUT_MS, readExclusions(pool));
    changesAt = nextExclusionChange(known.exclusions, known.readAt);
    tell(toExclusionSet(known.exclusions, known.readAt));
  }

  async function lookAndTell(): Promise<void> {
    try {
      await look();
      if (isUnreadable) log.info({}, 'the exclusions can be read again');
      isUnreadable = false;
    } catch (caught) {
      if (!isUnreadable) {
        log.warn(
          { err: toError(caught) },
          'the exclusions cannot be read; in five seconds nothing is dialled any more',
        );
      }
      isUnreadable = true;
    }
  }

  /** One look at a time; a wish during one is granted right after it. */
  function lookSoon(): void {
    isWanted = true;
    looking ??= (async () => {
      while (isWanted) {
        isWanted = false;
        await lookAndTell();
      }
      looking = undefined;
    })();
  }

  const ready = look();
  // Whoever awaits it hears of a failure; here it must not count as unheard.
  ready.catch(() => undefined);
  const timer = setInterval(lookSoon, POLL_MS);
  const notifications = listenTo(pool, EXCLUSIONS_CHANNEL, lookSoon, (error) =>
    log.warn({ err: error }, 'not listening for exclusions; polling for them every two seconds instead'),
  );
  return {
    ready,
    async close() {
      clearInterval(timer);
      await notifications.close();
      isWanted = false;
      await looking;
    },
  };
}

async function within<T>(ms: number, reading: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer from the database in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}
