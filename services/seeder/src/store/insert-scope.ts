import { once } from 'node:events';
import type { Scope } from '@kubecensus/shared/addresses';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** Up to here a scope travels in one statement. Above, each copy that the client would make of it counts. */
const WHOLE_BYTES = 1024 * 1024;

/**
 * Keeps a frozen scope once, by its hash, and gives the hash. To be called in a transaction.
 * @throws what the database throws; TypeError where it did not get the bytes that were hashed
 */
export async function insertScope(client: pg.ClientBase, scope: Scope): Promise<Buffer> {
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
  await client.query(
    `CREATE TEMPORARY TABLE scope_pieces (piece_number integer, piece bytea) ON COMMIT DROP;
     ALTER TABLE scope_pieces ALTER COLUMN piece SET STORAGE EXTERNAL`,
  );
  await copyPieces(client, scope);
  const { rowCount } = await client.query(
    `WITH whole AS (SELECT string_agg(piece, ''::bytea ORDER BY piece_number) AS body FROM scope_pieces)
     INSERT INTO scan_scopes (scope_hash, target_count, summary, body)
     SELECT $1, $2, $3, body FROM whole WHERE sha256(body) = $1
     ON CONFLICT (scope_hash) DO UPDATE SET scope_hash = excluded.scope_hash`,
    row,
  );
  await client.query('DROP TABLE scope_pieces');
  if (rowCount !== 1)
    throw new TypeError('the database got other bytes of the scope than were hashed; nothing is kept');
  return hash;
}

const COPY_BEGIN = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const COPY_END = Buffer.from([0xff, 0xff]);

/**
 * PostgreSQL's binary COPY (its documentation, "COPY", Binary Format): a row of a number and a piece, for each piece.
 * Statements with parameters would leave two copies of each piece to the garbage collector, 27 MB at the peak.
 */
async function copyPieces(client: pg.ClientBase, scope: Scope): Promise<void> {
  const stream = client.query(copyFrom('COPY scope_pieces FROM STDIN (FORMAT binary)'));
  const finished = once(stream, 'finish');
  finished.catch(() => undefined); // the write under way fails with it
  // A piece is written over by the next one, so each is waited for. A server that refuses them calls back no write.
  const write = async (bytes: Uint8Array) => {
    const written = new Promise<void>((resolve, reject) => {
      stream.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
    await Promise.race([written, finished]);
  };
  await write(COPY_BEGIN);
  let pieceNumber = 0;
  for (const piece of scope.pieces()) {
    pieceNumber += 1;
    const head = Buffer.alloc(14);
    head.writeInt16BE(2, 0);
    head.writeInt32BE(4, 2);
    head.writeInt32BE(pieceNumber, 6);
    head.writeInt32BE(piece.length, 10);
    await write(head);
    await write(piece);
  }
  stream.end(COPY_END);
  await finished;
}
