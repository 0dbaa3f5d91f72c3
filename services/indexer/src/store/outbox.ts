import type { Queryable } from '@kubecensus/shared/database';

export interface OutboxMessage {
  outboxId: number;
  /** Also the message's id in the queue, where it may hold no colon. */
  dedupeKey: string;
  queue: string;
  message: unknown;
}

export async function insertOutboxMessage(
  client: Queryable,
  dedupeKey: string,
  queue: string,
  message: unknown,
): Promise<void> {
  await client.query(
    `INSERT INTO outbox (dedupe_key, queue, message) VALUES ($1, $2, $3) ON CONFLICT (dedupe_key) DO NOTHING`,
    [dedupeKey, queue, JSON.stringify(message)],
  );
}

/** The oldest that wait, locked; what another indexer relays at this moment is left to it. */
export async function lockWaitingMessages(client: Queryable, limit: number): Promise<OutboxMessage[]> {
  const { rows } = await client.query<OutboxMessage>(
    `SELECT outbox_id AS "outboxId", dedupe_key AS "dedupeKey", queue, message
     FROM outbox WHERE relayed_at IS NULL
     ORDER BY outbox_id LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [limit],
  );
  return rows;
}

export async function updateRelayed(client: Queryable, outboxIds: readonly number[]): Promise<void> {
  await client.query(`UPDATE outbox SET relayed_at = now() WHERE outbox_id = ANY($1)`, [outboxIds]);
}
