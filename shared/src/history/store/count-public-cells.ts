import type { DuckDb } from '../duckdb.ts';

export interface PublicCells {
  cells: { key: { distribution: string | null; minor: string | null }; count: number }[];
  targetCount: number;
  lookedAt: number;
}

/** Endpoints of one census by distribution and minor, in the order of these; look-alikes are left out. */
export async function countPublicCells(db: DuckDb, censusNumber: number): Promise<PublicCells> {
  const rows = await db.rows<{ distribution: string | null; minor: string | null; n: number }>(
    `SELECT distribution, minor, count(*)::DOUBLE AS n FROM endpoints
     WHERE first_census <= $1 AND last_census >= $1 AND outcome <> 'look-alike' AND NOT mirrored
     GROUP BY ALL ORDER BY distribution NULLS LAST, minor NULLS LAST`,
    [censusNumber],
  );
  const [census] = await db.rows<{ target_count: number; looked_at: number }>(
    `SELECT target_count::DOUBLE AS target_count, looked_at::DOUBLE AS looked_at
     FROM recorded_censuses WHERE census_number = $1`,
    [censusNumber],
  );
  return {
    cells: rows.map(({ distribution, minor, n }) => ({ key: { distribution, minor }, count: n })),
    targetCount: census?.target_count ?? 0,
    lookedAt: census?.looked_at ?? 0,
  };
}
