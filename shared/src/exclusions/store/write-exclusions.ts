import { type AddressRange, formatBounds } from '../../addresses/index.ts';
import type { Queryable } from '../../database/index.ts';

export interface NewExclusion {
  readonly range: AddressRange;
  readonly validUntil: Date | undefined;
  readonly reason: string;
  readonly requestedBy: string | undefined;
}

/** In force from now on, by the server's clock; running probers hear of it when the transaction ends. */
export async function insertExclusion(
  client: Queryable,
  exclusion: NewExclusion,
): Promise<{ exclusionId: number; validFrom: Date }> {
  const { first, last } = formatBounds(exclusion.range);
  const { rows } = await client.query<{ exclusionId: number; validFrom: Date }>(
    `INSERT INTO exclusions (first_address, last_address, valid_until, reason, requested_by)
     VALUES ($1, $2, $3, $4, $5)
     RETURNING exclusion_id AS "exclusionId", valid_from AS "validFrom"`,
    [first, last, exclusion.validUntil ?? null, exclusion.reason, exclusion.requestedBy ?? null],
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError('an insert of an exclusion returned no row');
  return row;
}

/** Ends those in force now or later that have this number or exactly this range; their rows stay. Gives their numbers. */
export async function endExclusions(client: Queryable, which: number | AddressRange): Promise<number[]> {
  const bounds = typeof which === 'number' ? undefined : formatBounds(which);
  const { rows } = await client.query<{ exclusionId: number }>(
    `UPDATE exclusions SET valid_until = GREATEST(now(), valid_from)
     WHERE (valid_until IS NULL OR valid_until > now())
       AND (exclusion_id = $1 OR (first_address = $2 AND last_address = $3))
     RETURNING exclusion_id AS "exclusionId"`,
    [typeof which === 'number' ? which : null, bounds?.first ?? null, bounds?.last ?? null],
  );
  return rows.map(({ exclusionId }) => exclusionId).sort((a, b) => a - b);
}
