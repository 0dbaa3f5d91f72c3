import type { Queryable } from '../../database/index.ts';
import type { ShardSummary } from '../../messages/index.ts';

/** What the shards of a scan counted about the looking itself, added up. */
export type ShardSums = Pick<ShardSummary, 'connects' | 'lossSample' | 'canaries' | 'lag'>;

/** Of a scan: its scope, and its revisits. */
export interface ScanSums {
  scope: ShardSums;
  revisit: ShardSums;
}

interface SumsRow {
  scanId: string;
  kind: 'scope' | 'revisit';
  first: number;
  second: number;
  later: number;
  dialled: number;
  lost: number;
  looked: number;
  found: number;
  watchedMs: number;
  lateMs: number;
  longestMs: number;
}

const sum = (field: string) => `COALESCE(sum((summary #>> '{${field}}')::bigint), 0)::bigint`;

/** Of each scan, in their order. A summary without a figure adds nothing to it. */
export async function sumShards(client: Queryable, scanIds: readonly string[]): Promise<ScanSums[]> {
  const { rows } = await client.query<SumsRow>(
    `SELECT scan_id::text AS "scanId", kind, ${sum('connects,first')} AS first, ${sum('connects,second')} AS second,
            ${sum('connects,later')} AS later, ${sum('lossSample,dialled')} AS dialled, ${sum('lossSample,lost')} AS lost,
            ${sum('canaries,looked')} AS looked, ${sum('canaries,found')} AS found,
            ${sum('lag,watchedMs')} AS "watchedMs", ${sum('lag,lateMs')} AS "lateMs",
            COALESCE(max((summary #>> '{lag,longestMs}')::bigint), 0)::bigint AS "longestMs"
     FROM shards WHERE scan_id = ANY($1) AND summary IS NOT NULL
     GROUP BY scan_id, kind`,
    [scanIds],
  );
  const known = new Map(rows.map((row) => [`${row.scanId} ${row.kind}`, row]));
  return scanIds.map((scanId) => ({
    scope: toSums(known.get(`${scanId} scope`)),
    revisit: toSums(known.get(`${scanId} revisit`)),
  }));
}

function toSums(row: SumsRow | undefined): ShardSums {
  return {
    connects: { first: row?.first ?? 0, second: row?.second ?? 0, later: row?.later ?? 0 },
    lossSample: { dialled: row?.dialled ?? 0, lost: row?.lost ?? 0 },
    canaries: { looked: row?.looked ?? 0, found: row?.found ?? 0 },
    lag: { watchedMs: row?.watchedMs ?? 0, lateMs: row?.lateMs ?? 0, longestMs: row?.longestMs ?? 0 },
  };
}
