import type { Queryable } from '@kubecensus/shared/database';

/** The tables of months that ended on or before a day, oldest first. They are named for their month (migration 0014). */
export async function selectMonthsBefore(client: Queryable, day: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT child.relname AS name
     FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
     WHERE inhparent IN ('sightings'::regclass, 'absences'::regclass)
       AND to_date(substring(child.relname FROM '_(\\d{4}_\\d{2})$'), 'YYYY_MM') + interval '1 month' <= $1::date
     ORDER BY right(child.relname, 7), child.relname`,
    [day],
  );
  return rows.map(({ name }) => name);
}

/** With all their rows; needs the owner's powers. What refers to nothing is left to the sweep. */
export async function dropMonths(client: Queryable, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const { rows } = await client.query<{ statement: string }>(
      `SELECT format('DROP TABLE %I', $1::text) AS statement`,
      [name],
    );
    await client.query(rows[0]?.statement ?? '');
  }
}

/** Censuses whose day is before `day`, and those before them; the numbers of their series. */
export async function forgetCensuses(
  client: Queryable,
  day: string,
): Promise<{ seriesIds: number[]; censuses: number }> {
  const { rows } = await client.query<{ series_id: number }>(
    `UPDATE censuses SET forgotten_at = now()
     WHERE forgotten_at IS NULL
       AND census_number <= (SELECT max(census_number) FROM censuses AS past
                             WHERE past.series_id = censuses.series_id AND past.as_of < $1::date)
     RETURNING series_id`,
    [day],
  );
  return { seriesIds: [...new Set(rows.map((row) => row.series_id))].sort((a, b) => a - b), censuses: rows.length };
}

/** Single looks of scans that were completed before `day`, and their revisits: sightings tell what they came to. */
export async function deleteLooksBefore(client: Queryable, day: string): Promise<number> {
  const ofScans = `scan_id IN (SELECT scan_id FROM scans WHERE state IN ('completed', 'aborted') AND as_of < $1::date)`;
  await client.query(`DELETE FROM revisits WHERE ${ofScans}`, [day]);
  const { rowCount } = await client.query(`DELETE FROM observations WHERE ${ofScans}`, [day]);
  return rowCount ?? 0;
}

/** Endpoints that no look found since `day`, and no sighting remembers. */
export async function deleteForgottenEndpoints(client: Queryable, day: string): Promise<number> {
  const { rowCount } = await client.query(
    `DELETE FROM endpoints WHERE last_seen_at < $1::date
       AND NOT EXISTS (SELECT FROM sightings WHERE sightings.endpoint_id = endpoints.endpoint_id)
       AND NOT EXISTS (SELECT FROM absences WHERE absences.endpoint_id = endpoints.endpoint_id)
       AND NOT EXISTS (SELECT FROM revisits WHERE revisits.endpoint_id = endpoints.endpoint_id)`,
    [day],
  );
  return rowCount ?? 0;
}

/** A page of evidence that nothing refers to, in the order of evidence_id. */
export async function selectOrphanedEvidence(client: Queryable, after: number, limit: number): Promise<number[]> {
  const { rows } = await client.query<{ evidence_id: number }>(
    `SELECT evidence_id FROM evidence
     WHERE evidence_id > $1
       AND NOT EXISTS (SELECT FROM sightings WHERE sightings.evidence_id = evidence.evidence_id)
       AND NOT EXISTS (SELECT FROM endpoints WHERE endpoints.evidence_id = evidence.evidence_id)
       AND NOT EXISTS (SELECT FROM observations WHERE observations.evidence_id = evidence.evidence_id)
     ORDER BY evidence_id LIMIT $2`,
    [after, limit],
  );
  return rows.map((row) => row.evidence_id);
}
