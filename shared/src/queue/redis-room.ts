import { QueueError } from './queue-error.ts';
import { NEXT_STEP } from './store-trouble.ts';

/**
 * Share of maxmemory that is left to workers. Taking a message needs memory too: at the limit Redis refuses that as
 * well, and a Redis that was filled to the brim can never be emptied again (seen with 7.0: 2,510 messages in 4 MB, none
 * delivered).
 */
const WORKERS_SHARE = 0.1;
/** A look at the memory holds for this long, in ms, or until this part of the workers' share was added. */
const LOOK_HOLDS_MS = 1_000;
const LOOK_HOLDS_SHARE = 1 / 16;
/** What Redis needs for a message beside its data: keys, options, the id in a list. Measured: 720-910 bytes. */
const OVERHEAD_BYTES = 1_024;

export interface RedisRoom {
  /** Throws QUEUE_FULL when `bytes` more would go into the workers' share. */
  assertRoom(bytes: number): Promise<void>;
}

/** @param readMemory the server's answer to INFO memory */
export function createRedisRoom(
  server: string,
  readMemory: () => Promise<string>,
  now: () => number = Date.now,
): RedisRoom {
  let validUntil = Number.NEGATIVE_INFINITY;
  let allowedBytes = 0;

  return {
    async assertRoom(bytes) {
      allowedBytes -= bytes + OVERHEAD_BYTES;
      if (now() < validUntil && allowedBytes > 0) return;
      const info = readInfo(await readMemory());
      const maxBytes = Number(info.get('maxmemory') ?? 0);
      assertRoomLeft(server, Number(info.get('used_memory') ?? 0), maxBytes);
      validUntil = now() + LOOK_HOLDS_MS;
      allowedBytes = maxBytes === 0 ? Number.POSITIVE_INFINITY : maxBytes * WORKERS_SHARE * LOOK_HOLDS_SHARE;
    },
  };
}

/** All but the workers' share may be used; 0 is a Redis without a limit. */
function assertRoomLeft(server: string, usedBytes: number, maxBytes: number): void {
  if (maxBytes === 0 || usedBytes <= maxBytes * (1 - WORKERS_SHARE)) return;
  throw new QueueError(
    'QUEUE_FULL',
    `${server} uses ${usedBytes} of ${maxBytes} bytes, and the last ${WORKERS_SHARE * 100} % are kept for taking ` +
      `messages off; ${NEXT_STEP.QUEUE_FULL}`,
  );
}

/** The answer to INFO: `name:value` lines among headings. */
export function readInfo(info: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of info.split(/\r?\n/)) {
    const at = line.indexOf(':');
    if (at > 0) fields.set(line.slice(0, at), line.slice(at + 1));
  }
  return fields;
}
