import type { DuckDb } from '../duckdb.ts';
import { ASPECT_NAMES, ASPECTS, type AspectName, toAspectColumn } from '../spans/aspects.ts';

/**
 * Numbers the combinations of each aspect, and the addresses, from 0 in their own order, and gives `endpoints` these
 * numbers as columns. The same content has the same numbers.
 */
export async function numberAspects(db: DuckDb): Promise<void> {
  for (const aspect of ASPECT_NAMES) {
    const columns = ASPECTS[aspect].join(', ');
    await db.rows(
      `CREATE TABLE aspect_${aspect} AS
       SELECT (row_number() OVER (ORDER BY ${columns}) - 1)::INTEGER AS ${toAspectColumn(aspect)}, *
       FROM (SELECT DISTINCT ${columns} FROM endpoints)`,
    );
  }
  await db.rows(
    `CREATE TABLE aspect_host AS
     SELECT (row_number() OVER (ORDER BY address_key) - 1)::INTEGER AS host_number, address_key
     FROM (SELECT DISTINCT address_key FROM endpoints)`,
  );
  const isSame = (aspect: AspectName) =>
    ASPECTS[aspect].map((column) => `endpoints.${column} IS NOT DISTINCT FROM aspect_${aspect}.${column}`);
  await db.rows(
    `CREATE VIEW numbered_endpoints AS
     SELECT endpoints.*, ${ASPECT_NAMES.map(toAspectColumn).join(', ')}, host_number
     FROM endpoints
     ${ASPECT_NAMES.map((aspect) => `JOIN aspect_${aspect} ON ${isSame(aspect).join(' AND ')}`).join('\n     ')}
     JOIN aspect_host USING (address_key)`,
  );
}
