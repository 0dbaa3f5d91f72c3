import type { Queryable } from '@kubecensus/shared/database';

export interface FoldableCensus {
  censusNumber: number;
  scanId: string;
}

/** The censuses of a series from one on whose sightings are kept, in their order. */
export async function selectFoldable(
  client: Queryable,
  seriesId: number,
  fromCensus: number,
): Promise<FoldableCensus[]> {
  const { rows } = await client.query<FoldableCensus>(
    `SELECT census_number AS "censusNumber", scan_id::text AS "scanId" FROM censuses
     WHERE series_id = $1 AND census_number >= $2 AND forgotten_at IS NULL ORDER BY census_number`,
    [seriesId, fromCensus],
  );
  return rows;
}

/** Brings everything that was folded of a series to where it stood before `fromCensus`. */
export async function undoFolds(client: Queryable, seriesId: number, fromCensus: number): Promise<void> {
  const undo = async (sql: string) => {
    await client.query(sql, [seriesId, fromCensus]);
  };
  await undo('DELETE FROM memberships WHERE series_id = $1 AND first_census >= $2');
  await undo('UPDATE memberships SET last_census = NULL WHERE series_id = $1 AND last_census >= $2 - 1');
  await undo('DELETE FROM cluster_marks WHERE series_id = $1 AND since_census >= $2');
  await undo('DELETE FROM clusters WHERE series_id = $1 AND first_census >= $2');
  await undo('DELETE FROM templates WHERE series_id = $1 AND since_census >= $2');
}

export async function selectSeriesToFold(
  client: Queryable,
  series: string | undefined,
): Promise<{ seriesId: number; name: string }[]> {
  const { rows } = await client.query<{ seriesId: number; name: string }>(
    `SELECT series_id AS "seriesId", name FROM series WHERE $1::text IS NULL OR name = $1 OR series_id::text = $1
     ORDER BY series_id`,
    [series ?? null],
  );
  return rows;
}
