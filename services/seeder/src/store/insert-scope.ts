import type { Scope } from '@kubecensus/shared/addresses';
import type { Queryable } from '@kubecensus/shared/database';

/** Up to here a scope travels in one statement. Above, each copy that the client would make of it counts. */
const WHOLE_BYTES = 1024 * 1024;

/** Keeps a frozen scope once, by its hash, and gives the hash. To be called in a transaction. */
export async function insertScope(client: Queryable, scope: Scope): Promise<Buffer> {
  const hash = scope.hash();
  const known = await client.query('SELECT FROM scan_scopes WHERE scope_hash = $1', [hash]);
  if (known.rowCount === 1) return hash;
  const row = [hash, scope.size, scope.space.summary()];
  if (scope.byteLength <= WHOLE_BYTES) {
    await client.query(
      `INSERT INTO scan_scopes (scope_hash, target_count, summary, body) VALUES ($1, $2, $3, $4)
       ON CONFLICT (scope_hash) DO NOTHING`,
      [...row, scope.toBytes()],
    );
    return hash;
  }
  await client.query('CREATE TEMPORARY TABLE scope_pieces (piece_number integer, piece bytea) ON COMMIT DROP');
  let pieceNumber = 0;
  for (const piece of scope.pieces()) {
    pieceNumber += 1;
    await client.query('INSERT INTO scope_pieces VALUES ($1, $2)', [pieceNumber, piece]);
  }
  await client.query(
    `INSERT INTO scan_scopes (scope_hash, target_count, summary, body)
     SELECT $1, $2, $3, string_agg(piece, ''::bytea ORDER BY piece_number) FROM scope_pieces
     ON CONFLICT (scope_hash) DO NOTHING`,
    row,
  );
  return hash;
}
