import { once } from 'node:events';
import type { Database } from '@kubecensus/shared/database';
import { from as copyFrom } from 'pg-copy-streams';
import { TABLES, toRows } from './record-rows.ts';
import { type PopulationShape, simulate, toCensusDay } from './simulate.ts';

/**
 * Writes the record of all weeks at once, as it stands after the last one: table by table, in the order of what refers to
 * what. The weeks are simulated anew for each table, so that no more than one plane is in memory.
 */
export async function layOutRecord(
  database: Database,
  shape: PopulationShape,
  say: (line: string) => void,
): Promise<{ seriesId: number; rows: Record<string, number> }> {
  const pool = database.pool();
  const { rows: made } = await pool.query<{ series_id: number }>(
    `INSERT INTO series (scope_hash, method_major, name) VALUES (sha256('bench'), 1, 'bench') RETURNING series_id`,
  );
  const seriesId = made[0]?.series_id ?? 0;
  await pool.query(
    `INSERT INTO scan_scopes (scope_hash, body, target_count, summary) VALUES (sha256('bench'), '', $1, 'of a benchmark')`,
    [shape.endpoints * 40],
  );
  for (let week = 1; week <= shape.weeks; week += 1) {
    await pool.query(
      `WITH scan AS (
         INSERT INTO scans (kind, series_id, scope_hash, permutation_key, target_count, shard_count, rate, as_of, purpose,
                            method, state, completed_at)
         VALUES ('census', $1, sha256('bench'), sha256('key'), $3, 1, 1, $4, 'bench', '{}', 'completed', $4)
         RETURNING scan_id
       )
       INSERT INTO censuses (series_id, census_number, scan_id, as_of, started_at, completed_at, method, vantage,
                             target_count, looked_at, outcomes)
       SELECT $1, $2, scan_id, $4, $4, $4, '{}', '{}', $3, $3, '{}' FROM scan`,
      [seriesId, week, shape.endpoints * 40, `${toCensusDay(week)}T00:00:00Z`],
    );
  }
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    counts[table.name] = await copyTable(
      database,
      `${table.name} (${table.columns})`,
      toRows(table.name, seriesId, simulate(shape)),
    );
    say(`${counts[table.name]} rows of ${table.name}`);
  }
  await pool.query('ANALYZE');
  return { seriesId, rows: counts };
}

/** Characters handed over at once. */
const PIECE = 1 << 18;

/** COPY of rows in PostgreSQL's text form; returns their number. */
export async function copyTable(database: Database, into: string, lines: Iterable<string>): Promise<number> {
  const client = await database.pool().connect();
  let rows = 0;
  try {
    const stream = client.query(copyFrom(`COPY ${into} FROM STDIN`));
    const finished = once(stream, 'finish');
    let piece = '';
    for (const line of lines) {
      rows += 1;
      piece += `${line}\n`;
      if (piece.length < PIECE) continue;
      if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), finished]);
      piece = '';
    }
    stream.end(piece);
    await finished;
  } finally {
    client.release();
  }
  return rows;
}
