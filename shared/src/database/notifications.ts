import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { toError } from '../errors/index.ts';

/** Pause before a lost connection is made again. Who listens polls as well, so nothing hangs on it. */
const RECONNECT_MS = 1_000;

export interface Notifications {
  /** Gives the connection back. Idempotent. */
  close(): Promise<void>;
}

/**
 * Listens on a channel with one connection of the pool, for as long as it is not closed. `heard` is called for each
 * notification, and each time the connection was made: what was said in between is lost.
 */
export function listenTo(
  pool: pg.Pool,
  channel: string,
  heard: () => void,
  onTrouble: (error: Error) => void,
): Notifications {
  const stopped = new AbortController();

  async function listenOnce(): Promise<void> {
    const client = await pool.connect();
    // Not given back: a connection that listens must not serve other statements.
    const lost = new Promise<void>((resolve, reject) => {
      client.on('notification', heard);
      client.on('error', reject);
      client.on('end', () => reject(new Error(`the connection that listens to ${channel} ended`)));
      stopped.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    // Heard by the caller below; this one is for a loss before that.
    lost.catch(() => undefined);
    try {
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      if (!stopped.signal.aborted) heard();
      await lost;
    } finally {
      client.release(true);
    }
  }

  async function listenOn(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        await listenOnce();
      } catch (caught) {
        if (stopped.signal.aborted) return;
        onTrouble(toError(caught));
        await pauseUnless(stopped.signal);
      }
    }
  }

  const listening = listenOn();
  return {
    close() {
      stopped.abort();
      return listening;
    },
  };
}

async function pauseUnless(signal: AbortSignal): Promise<void> {
  try {
    await wait(RECONNECT_MS, undefined, { signal });
  } catch (caught) {
    if (!signal.aborted) throw caught;
  }
}
