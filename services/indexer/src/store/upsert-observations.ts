import { prepared, type Queryable } from '@kubecensus/shared/database';
import type { RankedObservation } from '../batches/ranked-observation.ts';

/**
 * Stores findings, at most one for each target, in the order of the targets. Where the scan has one already the better
 * stays: rank, then the earlier, then what else makes the order total (batches/ranked-observation.ts says the same).
 *
 * @param evidenceIds of each observation's evidence, by its hash in base64
 */
export async function upsertObservations(
  client: Queryable,
  scanId: string,
  observations: readonly RankedObservation[],
  evidenceIds: ReadonlyMap<string, number>,
): Promise<void> {
  if (observations.length === 0) return;
  const found = observations.map(({ line }) => line.observation);
  await client.query(
    prepared(
      `INSERT INTO observations AS kept (scan_id, address, port, component, outcome, outcome_rank, reason, evidence_id,
                                       observed_at, duration_ms, connect_ms, second_connection, possession,
                                       shard_number, attempt)
     SELECT $1, address, port, component, outcome, outcome_rank, reason, evidence_id,
            to_timestamp(observed_at / 1000.0), duration_ms, connect_ms, second_connection, possession, shard_number, attempt
     FROM unnest($2::inet[], $3::integer[], $4::text[], $5::text[], $6::smallint[], $7::text[], $8::bigint[],
                 $9::bigint[], $10::integer[], $11::integer[], $12::text[], $13::text[], $14::integer[], $15::integer[])
       AS new (address, port, component, outcome, outcome_rank, reason, evidence_id, observed_at, duration_ms,
               connect_ms, second_connection, possession, shard_number, attempt)
     ORDER BY address, port, component
     ON CONFLICT (scan_id, address, port, component) DO UPDATE SET
       outcome = excluded.outcome, outcome_rank = excluded.outcome_rank, reason = excluded.reason,
       evidence_id = excluded.evidence_id, observed_at = excluded.observed_at, duration_ms = excluded.duration_ms,
       connect_ms = excluded.connect_ms, second_connection = excluded.second_connection,
       possession = excluded.possession, shard_number = excluded.shard_number, attempt = excluded.attempt
     WHERE (excluded.outcome_rank, excluded.observed_at, excluded.attempt, excluded.shard_number, excluded.duration_ms,
            COALESCE((SELECT evidence_hash FROM evidence WHERE evidence_id = excluded.evidence_id), ''))
         < (kept.outcome_rank, kept.observed_at, kept.attempt, kept.shard_number, kept.duration_ms,
            COALESCE((SELECT evidence_hash FROM evidence WHERE evidence_id = kept.evidence_id), ''))`,
      [
        scanId,
        found.map(({ address }) => address),
        found.map(({ port }) => port),
        found.map(({ component }) => component),
        found.map(({ outcome }) => outcome),
        observations.map(({ rank }) => rank),
        found.map(({ reason }) => reason ?? null),
        observations.map(({ evidence }) => evidenceIds.get(evidence?.hash.toString('base64') ?? '') ?? null),
        found.map(({ observedAt }) => observedAt),
        found.map(({ durationMs }) => durationMs),
        found.map(({ connectMs }) => connectMs ?? null),
        found.map(({ secondConnection }) => secondConnection ?? null),
        found.map(({ possession }) => possession ?? null),
        observations.map(({ shardNumber }) => shardNumber),
        observations.map(({ attempt }) => attempt),
      ],
    ),
  );
}
