import type { AddressSet } from '@kubecensus/shared/addresses';
import { listen } from '@kubecensus/shared/database';
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

export interface ExclusionWatchOptions {
  readonly pool: pg.Pool;
  /** Of the same database, for the one connection that listens. */
  readonly databaseUrl: string;
  readonly log: Pick<Logger, 'warn' | 'info'>;
  /** Called after every successful look, with the set where it may have changed. */
  tell(exclusions?: AddressSet): void;
}

/**
 * Reads the exclusions when they change, by a notification or a poll of their version, and when one of them begins or
 * ends by the clock. Resolves after the first look, which was told; rejects where that fails.
 */
export async function watchExclusions({
  pool,
  databaseUrl,
  log,
  tell,
}: ExclusionWatchOptions): Promise<{ close(): Promise<void> }> {
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

  await look();
  const listener = await listen({
    url: databaseUrl,
    channel: EXCLUSIONS_CHANNEL,
    onNotice: lookSoon,
    onLost: (error) => log.warn({ err: error }, 'not listening for exclusions; polling for them instead'),
  });
  const timer = setInterval(lookSoon, POLL_MS);
  return {
    async close() {
      clearInterval(timer);
      await listener.close();
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
