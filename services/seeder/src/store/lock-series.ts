import type { Queryable } from '@kubecensus/shared/database';

/**
 * The series of a scope and a method, made where it is new. Its row stays locked until the transaction ends, so that of
 * two plans of one series the second sees what the first did.
 */
export async function lockSeries(
  client: Queryable,
  series: { scopeHash: Buffer; methodMajor: number; name: string },
): Promise<number> {
  const { rows } = await client.query<{ series_id: number }>(
    `INSERT INTO series (scope_hash, method_major, name) VALUES ($1, $2, $3)
     ON CONFLICT (scope_hash, method_major) DO UPDATE SET method_major = EXCLUDED.method_major
     RETURNING series_id`,
    [series.scopeHash, series.methodMajor, series.name],
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError('an upsert of a series returned no row');
  return row.series_id;
}
