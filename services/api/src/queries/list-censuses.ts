import { withClient } from '@kubecensus/shared/database';
import type pg from 'pg';
import { type CensusHeader, selectCensuses } from './census-header.ts';

/** All censuses, or those of one series (by name or number); newest first. */
export async function listCensuses(pool: pg.Pool, options: { series?: string | number } = {}): Promise<CensusHeader[]> {
  return withClient(pool, (client) =>
    selectCensuses(client, `WHERE $1::text IS NULL OR series.name = $1 OR series_id::text = $1`, [
      options.series === undefined ? null : String(options.series),
    ]),
  );
}
