import type { Queryable } from '../../database/index.ts';

export interface ExclusionRow {
  exclusionId: number;
  firstAddress: string;
  lastAddress: string;
  validFrom: Date;
  validUntil: Date | null;
  reason: string;
  requestedBy: string | null;
  inForce: boolean;
}

/** In force now or later, or with `all` the ended ones too; by number. */
export async function listExclusions(client: Queryable, options: { all?: boolean } = {}): Promise<ExclusionRow[]> {
  const { rows } = await client.query<ExclusionRow>(
    `SELECT exclusion_id AS "exclusionId", host(first_address) AS "firstAddress", host(last_address) AS "lastAddress",
            valid_from AS "validFrom", valid_until AS "validUntil", reason, requested_by AS "requestedBy",
            valid_from <= now() AND (valid_until IS NULL OR valid_until > now()) AS "inForce"
     FROM exclusions
     WHERE $1 OR valid_until IS NULL OR valid_until > now()
     ORDER BY exclusion_id`,
    [options.all ?? false],
  );
  return rows;
}
