import type { Queryable } from '@kubecensus/shared/database';

/** First and last address of one family, both included. */
export interface Bounds {
  first: string;
  last: string;
}

/**
 * Keeps every batch out until this transaction ends, and waits for those under way: their first write is a row of
 * committed_batches. A batch that is under way may have found evidence that is deleted here.
 */
export async function lockBatches(client: Queryable): Promise<void> {
  await client.query('LOCK TABLE committed_batches IN SHARE ROW EXCLUSIVE MODE');
}

/** Evidence that any row of the range refers to. */
export async function selectEvidenceOfRange(client: Queryable, { first, last }: Bounds): Promise<number[]> {
  const { rows } = await client.query<{ evidence_id: number }>(
    `SELECT evidence_id FROM endpoints WHERE address BETWEEN $1 AND $2 AND evidence_id IS NOT NULL
     UNION SELECT evidence_id FROM observations WHERE address BETWEEN $1 AND $2 AND evidence_id IS NOT NULL
     UNION SELECT sightings.evidence_id FROM sightings JOIN endpoints USING (endpoint_id) WHERE address BETWEEN $1 AND $2`,
    [first, last],
  );
  return rows.map((row) => row.evidence_id);
}

/** The series in which the range was seen. */
export async function selectSeriesOfRange(client: Queryable, { first, last }: Bounds): Promise<number[]> {
  const { rows } = await client.query<{ series_id: number }>(
    `SELECT DISTINCT series_id FROM sightings JOIN endpoints USING (endpoint_id)
     WHERE address BETWEEN $1 AND $2 ORDER BY series_id`,
    [first, last],
  );
  return rows.map((row) => row.series_id);
}

export interface DeletedRows {
  endpoints: number;
  sightings: number;
  observations: number;
}

/** In the order of what refers to what. */
export async function deleteRange(client: Queryable, { first, last }: Bounds): Promise<DeletedRows> {
  const of = 'WHERE endpoint_id IN (SELECT endpoint_id FROM endpoints WHERE address BETWEEN $1 AND $2)';
  const remove = async (sql: string) => (await client.query(sql, [first, last])).rowCount ?? 0;
  await remove(`DELETE FROM absences ${of}`);
  await remove(`DELETE FROM revisits ${of}`);
  return {
    sightings: await remove(`DELETE FROM sightings ${of}`),
    observations: await remove('DELETE FROM observations WHERE address BETWEEN $1 AND $2'),
    endpoints: await remove('DELETE FROM endpoints WHERE address BETWEEN $1 AND $2'),
  };
}

/** Of these those that nothing refers to any more, and with them the parts that no other evidence has. */
export async function deleteOrphanedEvidence(client: Queryable, evidenceIds: readonly number[]): Promise<number> {
  const { rows } = await client.query<{
    chain: Buffer[];
    client_ca_hash: Buffer | null;
    first_flight_hash: Buffer | null;
    response_hash: Buffer | null;
  }>(
    `DELETE FROM evidence AS orphan
     WHERE evidence_id = ANY($1)
       AND NOT EXISTS (SELECT FROM endpoints WHERE endpoints.evidence_id = orphan.evidence_id)
       AND NOT EXISTS (SELECT FROM observations WHERE observations.evidence_id = orphan.evidence_id)
       AND NOT EXISTS (SELECT FROM sightings WHERE sightings.evidence_id = orphan.evidence_id)
     RETURNING chain, client_ca_hash, first_flight_hash, response_hash`,
    [evidenceIds],
  );
  await client.query(
    `DELETE FROM certificates WHERE certificate_hash = ANY($1)
       AND NOT EXISTS (SELECT FROM evidence, unnest(chain) AS shown WHERE shown = certificate_hash)`,
    [rows.flatMap(({ chain }) => chain)],
  );
  for (const [table, column] of [
    ['client_ca_lists', 'client_ca_hash'],
    ['first_flights', 'first_flight_hash'],
    ['responses', 'response_hash'],
  ] as const) {
    await client.query(
      `DELETE FROM ${table} AS part WHERE ${column} = ANY($1)
         AND NOT EXISTS (SELECT FROM evidence WHERE evidence.${column} = part.${column})`,
      [rows.flatMap((row) => row[column] ?? [])],
    );
  }
  return rows.length;
}

/** What was kept aside unread, and belongs to no address that could be asked for. */
export async function countUnread(client: Queryable): Promise<{ malformed: number; lateBatches: number }> {
  const { rows } = await client.query<{ malformed: number; lateBatches: number }>(
    `SELECT (SELECT count(*) FROM malformed_observations) AS malformed,
            (SELECT count(*) FROM late_batches) AS "lateBatches"`,
  );
  return rows[0] ?? { malformed: 0, lateBatches: 0 };
}

export async function selectOpenScans(client: Queryable): Promise<string[]> {
  const { rows } = await client.query<{ scan_id: string }>(
    `SELECT scan_id::text FROM scans WHERE state IN ('running', 'revisiting') ORDER BY scans.scan_id`,
  );
  return rows.map((row) => row.scan_id);
}
