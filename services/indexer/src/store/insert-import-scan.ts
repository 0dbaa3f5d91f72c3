import { Scope } from '@kubecensus/shared/addresses';
import type { Queryable } from '@kubecensus/shared/database';

const ONE_AT_A_TIME = 0x6b63_696d;

/** A completed scan that dialled nothing, for findings from elsewhere; its number. */
export async function insertImportScan(
  client: Queryable,
  scan: { origin: string; asOf: Date; method: unknown },
): Promise<string> {
  // An import writes evidence for as long as its file is; two that share some would wait for one another in a circle.
  await client.query('SELECT pg_advisory_xact_lock($1)', [ONE_AT_A_TIME]);
  const nowhere = Scope.of([]);
  const scopeHash = nowhere.hash();
  await client.query(
    `INSERT INTO scan_scopes (scope_hash, body, target_count, summary) VALUES ($1, $2, 0, 'nothing: imported')
     ON CONFLICT DO NOTHING`,
    [scopeHash, Buffer.from(nowhere.toBytes())],
  );
  const { rows } = await client.query<{ scanId: string }>(
    `INSERT INTO scans (kind, scope_hash, permutation_key, target_count, shard_count, rate, as_of, purpose, method,
                        state, completed_at, origin)
     VALUES ('import', $1, $2, 0, 0, 1, $3, 'import', $4, 'completed', now(), $5) RETURNING scan_id::text AS "scanId"`,
    [scopeHash, Buffer.alloc(32), scan.asOf, JSON.stringify(scan.method), scan.origin],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the server kept no scan');
  return row.scanId;
}
