import { prepared, type Queryable } from '@kubecensus/shared/database';

/** What this process may do in a scan, for as long as the lease runs. */
export interface RateLease {
  /** Connects per second; 0 where the others have not given up their part yet. */
  readonly perSecond: number;
  /** The part that is due to each; what `perSecond` comes to in the end. */
  readonly fairPerSecond: number;
  /** Connects per second into one prefix; `undefined`: no cap. */
  readonly prefixPerSecond: number | undefined;
}

interface LeaseRow {
  granted: number;
  fair: number;
  of_prefix: number | null;
}

/**
 * Takes or renews this process's part of a scan's rate, for `leaseMs`: at most what the leases of the others leave
 * (migrations, lease_rate). One statement, for it is made every second.
 */
export async function leaseRate(
  client: Queryable,
  scanId: string,
  prober: string,
  leaseMs: number,
): Promise<RateLease> {
  const { rows } = await client.query<LeaseRow>(
    prepared('SELECT granted, fair, of_prefix FROM lease_rate($1, $2, $3)', [scanId, prober, leaseMs]),
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError(`scan ${scanId} is not in the record`);
  return { perSecond: row.granted, fairPerSecond: row.fair, prefixPerSecond: row.of_prefix ?? undefined };
}

/** Gives this process's part back before its time, for the others to take. */
export async function returnRate(client: Queryable, scanId: string, prober: string): Promise<void> {
  await client.query('DELETE FROM rate_leases WHERE scan_id = $1 AND prober = $2', [scanId, prober]);
}
