import { planScan } from '@kubecensus/seeder';
import { AddressSetBuilder, parseRange, Scope } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import { emptyShardSummary } from '@kubecensus/shared/messages';

/** A census of 10.0.0.0/8 that was looked at in whole. */
export async function planWeek(store: Database, asOf: Date, found: number): Promise<string> {
  const addresses = new AddressSetBuilder().add(parseRange('10.0.0.0/8')).build();
  const { scanId } = await planScan(store.pool('writer'), {
    kind: 'census',
    targets: Scope.of([{ ports: [443, 6443, 8443, 16443], addresses }]),
    rate: 1_000_000,
    allowPrivate: true,
    method: { version: 'bench', thorough: false },
    asOf,
  });
  const summary = { ...emptyShardSummary(), targets: found, outcomes: { answered: found } };
  await store
    .pool('writer')
    .query(
      `UPDATE shards SET state = 'done', attempt = 1, batch_count = 0, finished_at = now(), summary = $2 WHERE scan_id = $1`,
      [scanId, summary],
    );
  return scanId;
}

/** Revisits of a scan that proved endpoints gone. */
export async function insertRefusedRevisits(
  store: Database,
  scanId: string,
  gone: readonly { address: string; port: number }[],
): Promise<void> {
  await store.pool('writer').query(
    `INSERT INTO revisits (scan_id, revisit_number, round, endpoint_id, address, port, component, outcome, outcome_rank)
     SELECT $1, row_number() OVER () - 1, 1, endpoint_id, address, port, component, 'connection-refused', 9
     FROM unnest($2::inet[], $3::integer[]) AS gone (address, port) JOIN endpoints USING (address, port)`,
    [scanId, gone.map(({ address }) => address), gone.map(({ port }) => port)],
  );
}

export interface RecordSize {
  /** Bytes of the whole database. */
  total: number;
  /** Of it, certificates with their DER and the index of their names. */
  certificates: number;
  sightings: number;
  evidence: number;
}

export async function measureRecord(store: Database): Promise<RecordSize> {
  const { rows } = await store.pool().query<RecordSize>(
    `SELECT pg_database_size(current_database()) AS total, pg_total_relation_size('certificates') AS certificates,
            (SELECT count(*) FROM sightings) AS sightings, (SELECT count(*) FROM evidence) AS evidence`,
  );
  const [size] = rows;
  if (size === undefined) throw new RangeError('the record has no size');
  return size;
}
