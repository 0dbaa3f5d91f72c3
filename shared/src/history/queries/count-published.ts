import { type DuckDb, toSqlText } from '../duckdb.ts';

/** Census -> endpoints, hosts or clusters, look-alikes and mirrors left out, over every census in which an interval begins or behind which one ends. */
export async function countPublished(
  db: DuckDb,
  table: 'endpoints' | 'hosts' | 'clusters',
  file: string,
): Promise<Map<number, number>> {
  const present = table === 'endpoints' ? `WHERE outcome <> 'look-alike' AND NOT mirrored` : '';
  const rows = await db.rows<{ census: number; change: number }>(`
    WITH present AS (SELECT first_census, last_census FROM read_parquet(${toSqlText(file)}) ${present})
    SELECT census, sum(change)::DOUBLE AS change
    FROM (SELECT first_census AS census, count(*) AS change FROM present GROUP BY ALL
          UNION ALL
          SELECT last_census + 1, -count(*) FROM present GROUP BY ALL)
    GROUP BY census ORDER BY census`);
  const last = rows.at(-1)?.census ?? 0;
  const changes = new Map(rows.map(({ census, change }) => [census, change]));
  const counts = new Map<number, number>();
  let count = 0;
  for (let census = rows[0]?.census ?? 1; census < last; census += 1) {
    count += changes.get(census) ?? 0;
    counts.set(census, count);
  }
  return counts;
}
