import type pg from 'pg';

/** What a census said from one moment on, until its next revision. */
export interface CensusRevision {
  seriesId: number;
  series: string;
  censusNumber: number;
  asOf: Date;
  revision: number;
  reason: 'completed' | 'reclassified' | 'opt-out' | 'late-data';
  /** The newest rules that its verdicts may be of; null: not known. */
  rulesVersion: number | null;
  madeAt: Date;
  present: number;
  exactSan: number;
  answering: number;
  lookAlikes: number;
  notReached: number;
}

/** Of all series, or of one by name or number; by series, census and revision. A census of before may have none. */
export async function listRevisions(
  pool: pg.Pool,
  options: { series?: string | number } = {},
): Promise<CensusRevision[]> {
  const { rows } = await pool.query<CensusRevision>(
    `SELECT series_id AS "seriesId", series.name AS series, census_number AS "censusNumber", as_of AS "asOf", revision,
            reason, rules_version AS "rulesVersion", made_at AS "madeAt", present, exact_san AS "exactSan", answering,
            look_alikes AS "lookAlikes", not_reached AS "notReached"
     FROM census_revisions JOIN censuses USING (series_id, census_number) JOIN series USING (series_id)
     WHERE $1::text IS NULL OR series.name = $1 OR series_id::text = $1
     ORDER BY series_id, census_number, revision`,
    [options.series === undefined ? null : String(options.series)],
  );
  return rows;
}
