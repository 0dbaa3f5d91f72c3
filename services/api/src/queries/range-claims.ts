import type pg from 'pg';

export interface RangeClaim {
  claimId: number;
  keyId: number;
  range: string;
  token: string;
  provedAt: Date | null;
  provedBy: string | null;
  provedUntil: Date | null;
  problem: string | null;
}

const COLUMNS = `claim_id AS "claimId", range_claims.key_id AS "keyId", range, token, proved_at AS "provedAt",
                 proved_by AS "provedBy", proved_until AS "provedUntil", problem`;

/** The claim with its token; the same range again keeps the token that it has. Undefined where no owner's key is in force. */
export async function insertClaim(
  pool: pg.Pool,
  claim: { keyId: number; range: string; token: string },
): Promise<RangeClaim | undefined> {
  const { rows } = await pool.query<RangeClaim>(
    `INSERT INTO range_claims (key_id, range, token)
     SELECT key_id, $2, $3 FROM api_keys
     WHERE key_id = $1 AND role = 'owner' AND revoked_at IS NULL AND expires_at > now()
     ON CONFLICT (key_id, range) DO UPDATE SET range = excluded.range
     RETURNING ${COLUMNS}`,
    [claim.keyId, claim.range, claim.token],
  );
  return rows[0];
}

/** Claims of keys in force; those that were last looked at before `checkedBefore`, where that is given. */
export async function listClaims(pool: pg.Pool, checkedBefore?: Date): Promise<RangeClaim[]> {
  const { rows } = await pool.query<RangeClaim>(
    `SELECT ${COLUMNS} FROM range_claims JOIN api_keys USING (key_id)
     WHERE revoked_at IS NULL AND expires_at > now()
       AND ($1::timestamptz IS NULL OR last_checked_at IS NULL OR last_checked_at < $1)
     ORDER BY claim_id`,
    [checkedBefore ?? null],
  );
  return rows;
}

/** What a look came to. A look that failed takes nothing away by itself: the last proof holds until its day. */
export async function updateClaim(
  pool: pg.Pool,
  claimId: number,
  came: { proof: string; until: Date } | { problem: string },
): Promise<void> {
  const [proof, until, problem] = 'proof' in came ? [came.proof, came.until, null] : [null, null, came.problem];
  await pool.query(
    `UPDATE range_claims
     SET last_checked_at = now(), problem = $4,
         proved_at = CASE WHEN $2::text IS NULL THEN proved_at ELSE now() END,
         proved_by = COALESCE($2, proved_by), proved_until = COALESCE($3, proved_until)
     WHERE claim_id = $1`,
    [claimId, proof, until, problem],
  );
}
