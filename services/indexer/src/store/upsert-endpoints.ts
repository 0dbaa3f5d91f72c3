import type { Queryable } from '@kubecensus/shared/database';
import { RECORDED_OUTCOMES } from '@kubecensus/shared/vocabulary';

/** Looks that taught nothing of the target. */
const NO_LOOKS = ['excluded', 'internal-error', 'malformed'];

/**
 * Brings the current state up to one scan's findings: an endpoint begins with a finding; any later look replaces what
 * an earlier one said, whichever scan is closed first.
 */
export async function upsertEndpoints(client: Queryable, scanId: string): Promise<void> {
  const findings = [...RECORDED_OUTCOMES];
  await client.query(
    `INSERT INTO endpoints AS known (address, port, component, outcome, evidence_id,
                                     first_seen_at, last_seen_at, last_looked_at, last_scan_id)
     SELECT address, port, component, outcome, evidence_id, observed_at, observed_at, observed_at, scan_id
     FROM observations WHERE scan_id = $1 AND outcome = ANY($2)
     ORDER BY address, port, component
     ON CONFLICT (address, port, component) DO UPDATE SET
       first_seen_at = LEAST(known.first_seen_at, excluded.first_seen_at),
       last_seen_at = GREATEST(known.last_seen_at, excluded.last_seen_at),
       last_looked_at = GREATEST(known.last_looked_at, excluded.last_looked_at),
       (outcome, evidence_id, last_scan_id) = (
         SELECT * FROM (VALUES (excluded.outcome, excluded.evidence_id, excluded.last_scan_id)) AS later
         WHERE (excluded.last_looked_at, excluded.last_scan_id) >= (known.last_looked_at, known.last_scan_id)
         UNION ALL
         SELECT known.outcome, known.evidence_id, known.last_scan_id
         WHERE (excluded.last_looked_at, excluded.last_scan_id) < (known.last_looked_at, known.last_scan_id))`,
    [scanId, findings],
  );
  await client.query(
    `UPDATE endpoints AS known
     SET outcome = look.outcome, evidence_id = NULL, last_looked_at = look.observed_at, last_scan_id = look.scan_id
     FROM observations AS look
     WHERE look.scan_id = $1 AND look.outcome <> ALL($2)
       AND known.address = look.address AND known.port = look.port AND known.component = look.component
       AND (look.observed_at, look.scan_id) > (known.last_looked_at, known.last_scan_id)`,
    [scanId, [...findings, ...NO_LOOKS]],
  );
}
