import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { toError } from '../errors/index.ts';
import { toClientConfig } from './pool.ts';

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;

export interface Listener {
  /** Idempotent. Nothing is heard after it. */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** An address, not a pool: a connection that listens is never given back. */
  readonly url: string;
  readonly channel: string;
  /** Payload of one NOTIFY; undefined after each (re)connect: notices may have been missed, so look for yourself. */
  readonly onNotice: (payload: string | undefined) => void;
  /** Hears of every lost connection and failed attempt; the next one follows by itself. */
  readonly onLost?: (error: Error) => void;
}

/**
 * Listens on a channel until closed, over every loss of the connection. Notices are a doorbell: they may be missed, so
 * whoever needs certainty also polls.
 *
 * @returns once it listens; rejects when the first attempt fails
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const stop = new AbortController();
  let client = await connect(options);
  let ended = waitForEnd(client);

  async function keepListening(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!stop.signal.aborted) {
      const lost = await ended;
      if (stop.signal.aborted) return;
      options.onLost?.(lost);
      await delay(retryMs, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) return;
      try {
        client = await connect(options);
        ended = waitForEnd(client);
        retryMs = FIRST_RETRY_MS;
      } catch (caught) {
        ended = Promise.resolve(toError(caught));
        retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
      }
    }
  }

  const running = keepListening();
  let closing: Promise<void> | undefined;
  return {
    close() {
      closing ??= (async () => {
        stop.abort();
        await client.end();
        await running;
        // An attempt that was under way when close began.
        await client.end();
      })();
      return closing;
    },
  };
}

async function connect(options: ListenOptions): Promise<pg.Client> {
  const client = new pg.Client({ ...toClientConfig(options.url), connectionTimeoutMillis: MAX_RETRY_MS });
  client.on('notification', ({ payload }) => options.onNotice(payload ?? ''));
  try {
    await client.connect();
    await client.query(`LISTEN ${pg.escapeIdentifier(options.channel)}`);
  } catch (caught) {
    client.on('error', () => undefined);
    await client.end();
    throw caught;
  }
  options.onNotice(undefined);
  return client;
}

function waitForEnd(client: pg.Client): Promise<Error> {
  return new Promise((resolve) => {
    client.on('error', resolve);
    client.on('end', () => resolve(new Error('the connection was closed')));
  });
}
