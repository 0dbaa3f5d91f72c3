import type pg from 'pg';
import type { Viewer } from '../access/viewer.ts';

export interface ApiKeyRow {
  keyId: number;
  role: 'owner' | 'researcher' | 'admin';
  label: string;
  ranges: string[];
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
}

const COLUMNS = `key_id AS "keyId", role, label, ranges, created_at AS "createdAt", expires_at AS "expiresAt",
                 revoked_at AS "revokedAt"`;

/**
 * Whom a key stands for; undefined where it is unknown, revoked or past its day. Its ranges are those that were given with
 * it, and the claims whose proof holds.
 */
export async function findViewer(pool: pg.Pool, keyHash: Buffer): Promise<Viewer | undefined> {
  const { rows } = await pool.query<Required<Viewer>>(
    `SELECT role, key_id AS "keyId",
            ranges || ARRAY(SELECT range FROM range_claims
                            WHERE range_claims.key_id = api_keys.key_id AND proved_until > now() ORDER BY claim_id) AS ranges
     FROM api_keys
     WHERE key_hash = $1 AND revoked_at IS NULL AND expires_at > now()`,
    [keyHash],
  );
  return rows[0];
}

export async function listKeys(pool: pg.Pool): Promise<ApiKeyRow[]> {
  const { rows } = await pool.query<ApiKeyRow>(`SELECT ${COLUMNS} FROM api_keys ORDER BY key_id`);
  return rows;
}

/** Whether any key is in force: without one the api stays on loopback. */
export async function hasKeys(pool: pg.Pool): Promise<boolean> {
  const { rowCount } = await pool.query(`SELECT FROM api_keys WHERE revoked_at IS NULL AND expires_at > now() LIMIT 1`);
  return (rowCount ?? 0) > 0;
}

export async function insertKey(
  pool: pg.Pool,
  key: { hash: Buffer; role: ApiKeyRow['role']; label: string; ranges: readonly string[]; expiresAt: Date },
): Promise<ApiKeyRow> {
  const { rows } = await pool.query<ApiKeyRow>(
    `INSERT INTO api_keys (key_hash, role, label, ranges, expires_at) VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
    [key.hash, key.role, key.label, key.ranges, key.expiresAt],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the server kept no key');
  return row;
}

/** False where there is no such key in force. */
export async function revokeKey(pool: pg.Pool, keyId: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `UPDATE api_keys SET revoked_at = now() WHERE key_id = $1 AND revoked_at IS NULL`,
    [keyId],
  );
  return (rowCount ?? 0) > 0;
}
