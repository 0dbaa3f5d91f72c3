import type { Queryable } from '@kubecensus/shared/database';
import { SHARDS_CHANNEL } from '@kubecensus/shared/messages';
import type { ScanRequest } from '../scan-request.ts';
import { layOutShards } from './lay-out-shards.ts';

export interface ScanToInsert {
  readonly kind: ScanRequest['kind'];
  readonly seriesId: number | undefined;
  readonly scopeHash: Buffer;
  readonly permutationKey: Buffer;
  readonly targetCount: number;
  readonly shardSize: number;
  readonly rate: number;
  readonly prefixRate: number | undefined;
  readonly asOf: Date | undefined;
  readonly purpose: string;
  readonly operatorUrl: string | undefined;
  readonly operatorMail: string | undefined;
  readonly method: object;
  readonly vantage: readonly string[];
}

/** Inserts a scan with the first of its shards, at most `shardSize` targets each. Gives its number as text. */
export async function insertScan(client: Queryable, scan: ScanToInsert): Promise<string> {
  const shardCount = Math.ceil(scan.targetCount / scan.shardSize);
  const { rows } = await client.query<{ scan_id: string }>(
    `INSERT INTO scans (kind, series_id, scope_hash, permutation_key, target_count, shard_count, rate, as_of,
                        purpose, operator_url, operator_mail, method, vantage, prefix_rate)
     VALUES ($1, $2, $3, $4, $5, $6, $7, COALESCE($8, now()), $9, $10, $11, $12, $13, $14)
     RETURNING scan_id::text`,
    [
      scan.kind,
      scan.seriesId,
      scan.scopeHash,
      scan.permutationKey,
      scan.targetCount,
      shardCount,
      scan.rate,
      scan.asOf,
      scan.purpose,
      scan.operatorUrl,
      scan.operatorMail,
      scan.method,
      scan.vantage,
      scan.prefixRate,
    ],
  );
  const scanId = rows[0]?.scan_id;
  if (scanId === undefined) throw new TypeError('an insert of a scan returned no row');
  await layOutShards(client);
  await client.query('SELECT pg_notify($1, $2)', [SHARDS_CHANNEL, '']);
  return scanId;
}
