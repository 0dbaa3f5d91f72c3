import type { Queryable } from '@kubecensus/shared/database';
import type { Component } from '@kubecensus/shared/vocabulary';

export interface CanaryRow {
  canaryId: number;
  address: string;
  port: number;
  component: Component;
  note: string;
  addedAt: Date;
}

const COLUMNS = `canary_id AS "canaryId", host(address) AS address, port, component, note, added_at AS "addedAt"`;

/** In use from the next shard on. One that is in use already keeps its row, with the new note. */
export async function insertCanary(
  client: Queryable,
  canary: { address: string; port: number; component: Component; note: string },
): Promise<CanaryRow> {
  const { rows } = await client.query<CanaryRow>(
    `INSERT INTO canaries (address, port, component, note) VALUES ($1, $2, $3, $4)
     ON CONFLICT (address, port, component) WHERE removed_at IS NULL DO UPDATE SET note = EXCLUDED.note
     RETURNING ${COLUMNS}`,
    [canary.address, canary.port, canary.component, canary.note],
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError('an upsert of a canary returned no row');
  return row;
}

/** Those in use, by number. */
export async function listCanaries(client: Queryable): Promise<CanaryRow[]> {
  const { rows } = await client.query<CanaryRow>(
    `SELECT ${COLUMNS} FROM canaries WHERE removed_at IS NULL ORDER BY canary_id`,
  );
  return rows;
}

/** False where there is no such canary in use. */
export async function removeCanary(client: Queryable, canaryId: number): Promise<boolean> {
  const { rowCount } = await client.query(
    'UPDATE canaries SET removed_at = now() WHERE canary_id = $1 AND removed_at IS NULL',
    [canaryId],
  );
  return rowCount === 1;
}
