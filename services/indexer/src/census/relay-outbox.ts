import { withTransaction } from '@kubecensus/shared/database';
import type pg from 'pg';
import { lockWaitingMessages, type OutboxMessage, updateRelayed } from '../store/outbox.ts';

/** Messages relayed in one transaction. */
const PAGE = 100;

/**
 * Hands waiting messages of the outbox to `send`, then marks them. A crash in between sends them again with the same
 * dedupe key, and their consumers bear to see one twice.
 */
export async function relayOutbox(pool: pg.Pool, send: (message: OutboxMessage) => Promise<void>): Promise<number> {
  return withTransaction(pool, async (client) => {
    const messages = await lockWaitingMessages(client, PAGE);
    for (const message of messages) await send(message);
    if (messages.length > 0)
      await updateRelayed(
        client,
        messages.map(({ outboxId }) => outboxId),
      );
    return messages.length;
  });
}
