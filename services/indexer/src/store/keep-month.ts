import { type Queryable, withTransaction } from '@kubecensus/shared/database';
import type pg from 'pg';
import { lockClosing } from './lock-scan-to-close.ts';

const DAY = `(as_of AT TIME ZONE 'UTC')::date`;

/**
 * Makes the tables of the month of a census before it is closed. Making them locks `series`, `endpoints` and `evidence`
 * against every writer until the transaction ends: this one ends at once, where the close may take minutes.
 */
export async function keepMonthOfScan(pool: pg.Pool, scanId: string): Promise<void> {
  if (!(await lacksMonth(pool, scanId))) return;
  await withTransaction(pool, async (client) => {
    // Behind another close the wait for those locks would be as long as it, and everybody else's behind it.
    await lockClosing(client);
    await client.query(`SELECT keep_month(${DAY}) FROM scans WHERE scan_id = $1`, [scanId]);
  });
}

async function lacksMonth(client: Queryable, scanId: string): Promise<boolean> {
  const { rows } = await client.query<{ lacks: boolean }>(
    `SELECT to_regclass('sightings' || to_char(${DAY}, '_YYYY_MM')) IS NULL
         OR to_regclass('absences' || to_char(${DAY}, '_YYYY_MM')) IS NULL AS lacks
     FROM scans WHERE scan_id = $1 AND series_id IS NOT NULL`,
    [scanId],
  );
  return rows[0]?.lacks ?? false;
}
