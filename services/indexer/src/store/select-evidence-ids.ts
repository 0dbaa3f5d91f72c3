import { type Queryable, toByteaArray } from '@kubecensus/shared/database';

/** Evidence that is stored already: hash in base64 -> evidence_id. */
export async function selectEvidenceIds(client: Queryable, hashes: readonly Buffer[]): Promise<Map<string, number>> {
  const { rows } = await client.query<{ hash: string; evidenceId: number }>(
    `SELECT encode(evidence_hash, 'base64') AS hash, evidence_id AS "evidenceId"
     FROM evidence WHERE evidence_hash = ANY($1::bytea[])`,
    [toByteaArray(hashes)],
  );
  return new Map(rows.map((row) => [row.hash, row.evidenceId]));
}
