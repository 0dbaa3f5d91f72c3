import type { Queryable } from '@kubecensus/shared/database';
import { RECORDED_OUTCOMES } from '@kubecensus/shared/vocabulary';

/** Looks that taught nothing of the target. */
const NO_LOOKS = ['excluded', 'internal-error', 'malformed'];

/**
 * Brings the current state up to one scan's findings, which are in `found`: an endpoint begins with a finding; any later
 * look replaces what an earlier one said, whichever scan is closed first.
 */
export async function upsertEndpoints(client: Queryable, scanId: string): Promise<void> {
  const isLater = '(look.observed_at, $1::bigint) >= (known.last_looked_at, known.last_scan_id)';
  await client.query(
    `UPDATE endpoints AS known SET
       first_seen_at = LEAST(known.first_seen_at, look.observed_at),
       last_seen_at = GREATEST(known.last_seen_at, look.observed_at),
       last_looked_at = GREATEST(known.last_looked_at, look.observed_at),
       outcome = CASE WHEN ${isLater} THEN look.outcome ELSE known.outcome END,
       evidence_id = CASE WHEN ${isLater} THEN look.evidence_id ELSE known.evidence_id END,
       last_scan_id = CASE WHEN ${isLater} THEN $1 ELSE known.last_scan_id END
     FROM found AS look
     WHERE NOT look.is_new AND known.endpoint_id = look.endpoint_id`,
    [scanId],
  );
  await client.query(
    `INSERT INTO endpoints (endpoint_id, address, port, component, outcome, evidence_id, first_seen_at, last_seen_at,
                            last_looked_at, last_scan_id)
     OVERRIDING SYSTEM VALUE
     SELECT endpoint_id, address, port, component, outcome, evidence_id, observed_at, observed_at, observed_at, $1
     FROM found WHERE is_new ORDER BY endpoint_id`,
    [scanId],
  );
  await client.query(
    `UPDATE endpoints AS known
     SET outcome = look.outcome, evidence_id = NULL, last_looked_at = look.observed_at, last_scan_id = look.scan_id
     FROM observations AS look
     WHERE look.scan_id = $1 AND look.outcome <> ALL($2)
       AND known.address = look.address AND known.port = look.port AND known.component = look.component
       AND (look.observed_at, look.scan_id) > (known.last_looked_at, known.last_scan_id)`,
    [scanId, [...RECORDED_OUTCOMES, ...NO_LOOKS]],
  );
}
