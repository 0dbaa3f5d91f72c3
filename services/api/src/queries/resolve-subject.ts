import { type CensusQuality, readScanQuality } from '@kubecensus/shared/census';
import type { Queryable } from '@kubecensus/shared/database';
import { KubecensusError } from '@kubecensus/shared/errors';
import { type CensusHeader, selectCensuses } from './census-header.ts';

/** What to count or list. Without any of it: the last census of all series. */
export interface Subject {
  /** Name or number of a series; without it the series of the last census. */
  series?: string | number;
  /** Number of a census within its series. */
  census?: number;
  /** The last census on or before this instant. */
  asOf?: Date;
  /** The findings of one scan, of whatever kind, also while it is under way. */
  scanId?: string;
  /** The current state, by whatever scan looked last. Changes at any time, and has no coverage. */
  live?: boolean;
}

/** What an answer was counted in; stated with every answer. */
export type Population =
  | { kind: 'census'; census: CensusHeader }
  | { kind: 'scan'; scanId: string; quality: CensusQuality }
  | { kind: 'live' };

/**
 * @throws {KubecensusError} QUERY_SERIES_UNKNOWN, QUERY_CENSUS_UNKNOWN, QUERY_SCAN_UNKNOWN
 */
export async function resolveSubject(client: Queryable, subject: Subject): Promise<Population> {
  if (subject.live === true) return { kind: 'live' };
  if (subject.scanId !== undefined) return resolveScan(client, subject.scanId);
  const seriesId = subject.series === undefined ? undefined : await resolveSeries(client, subject.series);
  const [census] = await selectCensuses(
    client,
    `WHERE forgotten_at IS NULL AND ($1::integer IS NULL OR series_id = $1) AND ($2::integer IS NULL OR census_number = $2)
       AND ($3::timestamptz IS NULL OR as_of <= $3)
       AND ($1::integer IS NOT NULL OR $2::integer IS NULL OR series_id =
            (SELECT series_id FROM censuses ORDER BY as_of DESC, census_id DESC LIMIT 1))`,
    [seriesId ?? null, subject.census ?? null, subject.asOf ?? null],
    'ORDER BY as_of DESC, census_id DESC LIMIT 1',
  );
  if (census !== undefined) return { kind: 'census', census };
  throw new KubecensusError('QUERY_CENSUS_UNKNOWN', `${describe(subject)}; \`kubecensus scans\` lists what there is`);
}

function describe({ series, census, asOf }: Subject): string {
  const where = series === undefined ? '' : ` of series ${series}`;
  if (census !== undefined) return `there is no census ${census}${where}`;
  if (asOf !== undefined) return `there is no census${where} on or before ${asOf.toISOString()}`;
  return `there is no completed census${where} yet`;
}

async function resolveSeries(client: Queryable, series: string | number): Promise<number> {
  const { rows } = await client.query<{ seriesId: number }>(
    `SELECT series_id AS "seriesId" FROM series WHERE name = $1 OR series_id::text = $1
     ORDER BY name = $1 DESC LIMIT 1`,
    [String(series)],
  );
  const [row] = rows;
  if (row !== undefined) return row.seriesId;
  throw new KubecensusError(
    'QUERY_SERIES_UNKNOWN',
    `there is no series ${series}; \`kubecensus scans\` lists what there is`,
  );
}

async function resolveScan(client: Queryable, scanId: string): Promise<Population> {
  const { rows } = await client.query(`SELECT FROM scans WHERE scan_id::text = $1`, [scanId]);
  const [quality] = rows.length === 1 ? await readScanQuality(client, [scanId]) : [];
  if (quality !== undefined) return { kind: 'scan', scanId, quality };
  throw new KubecensusError(
    'QUERY_SCAN_UNKNOWN',
    `there is no scan ${scanId}; \`kubecensus scans\` lists what there is`,
  );
}
