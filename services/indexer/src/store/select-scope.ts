import type { Queryable } from '@kubecensus/shared/database';

/** Canonical bytes of a frozen scope. */
export async function selectScope(client: Queryable, scopeHash: Buffer): Promise<Buffer> {
  const { rows } = await client.query<{ body: Buffer }>(`SELECT body FROM scan_scopes WHERE scope_hash = $1`, [
    scopeHash,
  ]);
  const [row] = rows;
  if (row === undefined) throw new RangeError(`scope ${scopeHash.toString('hex')} is not in the record`);
  return row.body;
}
