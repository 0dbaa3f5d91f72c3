import { type Queryable, withTransaction } from '@kubecensus/shared/database';
import type pg from 'pg';

/** The first key of the advisory locks of rates, so that they meet no other; the second is the scan. */
const RATE_LOCK = 0x7261_7465;

/** What this process may do in a scan, for as long as the lease runs. */
export interface RateLease {
  /** Connects per second; 0 where the others have not given up their part yet. */
  readonly perSecond: number;
  /** The part that is due to each; what `perSecond` comes to in the end. */
  readonly fairPerSecond: number;
  /** Connects per second into one prefix; `undefined`: no cap. */
  readonly prefixPerSecond: number | undefined;
}

interface ScanRow {
  rate: number;
  prefix_rate: number | null;
  others: number;
  taken: number;
}

/**
 * Takes or renews this process's part of a scan's rate, for `leaseMs`. Everybody is due an equal part, and gets at most
 * what the leases of the others leave: the sum of what runs never exceeds the rate. One at a time for each scan.
 */
export async function leaseRate(pool: pg.Pool, scanId: string, prober: string, leaseMs: number): Promise<RateLease> {
  return await withTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1, hashint8($2))', [RATE_LOCK, scanId]);
    const { rate, prefix_rate, others, taken } = await readShares(client, scanId, prober);
    const fair = rate / (others + 1);
    const perSecond = Math.max(0, Math.min(fair, rate - taken));
    await client.query(
      `INSERT INTO rate_leases (scan_id, prober, per_second, runs_until)
       VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4::float8 / 1000))
       ON CONFLICT (scan_id, prober) DO UPDATE SET per_second = EXCLUDED.per_second, runs_until = EXCLUDED.runs_until`,
      [scanId, prober, perSecond, leaseMs],
    );
    await client.query('DELETE FROM rate_leases WHERE scan_id = $1 AND runs_until < clock_timestamp()', [scanId]);
    return {
      perSecond,
      fairPerSecond: fair,
      prefixPerSecond: prefix_rate === null ? undefined : prefix_rate / (others + 1),
    };
  });
}

async function readShares(client: Queryable, scanId: string, prober: string): Promise<ScanRow> {
  const { rows } = await client.query<ScanRow>(
    `SELECT rate, prefix_rate, count(prober)::integer AS others, COALESCE(sum(per_second), 0) AS taken
     FROM scans LEFT JOIN rate_leases
       ON rate_leases.scan_id = scans.scan_id AND prober <> $2 AND runs_until > clock_timestamp()
     WHERE scans.scan_id = $1 GROUP BY rate, prefix_rate`,
    [scanId, prober],
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError(`scan ${scanId} is not in the record`);
  return row;
}

/** Gives this process's part back before its time, for the others to take. */
export async function returnRate(client: Queryable, scanId: string, prober: string): Promise<void> {
  await client.query('DELETE FROM rate_leases WHERE scan_id = $1 AND prober = $2', [scanId, prober]);
}
