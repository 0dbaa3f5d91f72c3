import type { Queryable } from '@kubecensus/shared/database';
import type { RankedObservation } from '../batches/ranked-observation.ts';
import type { LockedShard } from './lock-scan.ts';

/** Notes what became of each revisited target of a shard; of several attempts the better rank stays. */
export async function updateRevisits(
  client: Queryable,
  scanId: string,
  shard: LockedShard,
  observations: readonly RankedObservation[],
): Promise<void> {
  const found = observations.map(({ line }) => line.observation);
  await client.query(
    `UPDATE revisits SET outcome = new.outcome, outcome_rank = new.outcome_rank
     FROM unnest($4::inet[], $5::integer[], $6::text[], $7::text[], $8::smallint[])
            AS new (address, port, component, outcome, outcome_rank)
     WHERE scan_id = $1 AND revisit_number >= $2 AND revisit_number < $3
       AND revisits.address = new.address AND revisits.port = new.port AND revisits.component = new.component
       AND (revisits.outcome_rank IS NULL OR revisits.outcome_rank > new.outcome_rank)`,
    [
      scanId,
      shard.startIndex,
      shard.endIndex,
      found.map(({ address }) => address),
      found.map(({ port }) => port),
      found.map(({ component }) => component),
      found.map(({ outcome }) => outcome),
      observations.map(({ rank }) => rank),
    ],
  );
}
