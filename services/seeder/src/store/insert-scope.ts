import type { Scope } from '@kubecensus/shared/addresses';
import type { Queryable } from '@kubecensus/shared/database';

/** Keeps a frozen scope once, by its hash, and gives the hash. */
export async function insertScope(client: Queryable, scope: Scope): Promise<Buffer> {
  const hash = scope.hash();
  const known = await client.query('SELECT FROM scan_scopes WHERE scope_hash = $1', [hash]);
  if (known.rowCount === 1) return hash;
  await client.query(
    `INSERT INTO scan_scopes (scope_hash, body, target_count, summary) VALUES ($1, $2, $3, $4)
     ON CONFLICT (scope_hash) DO NOTHING`,
    [hash, scope.toBytes(), scope.size, scope.space.summary()],
  );
  return hash;
}
