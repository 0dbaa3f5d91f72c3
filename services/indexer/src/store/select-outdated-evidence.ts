import type { Queryable } from '@kubecensus/shared/database';
import type { EvidenceHead } from '../evidence/classifier.ts';
import type { StoredParts } from '../evidence/to-evidence.ts';

export interface OutdatedEvidence extends EvidenceHead {
  evidenceId: number;
  parts: StoredParts;
}

interface Row extends EvidenceHead {
  evidenceId: number;
  chain: Buffer[];
  chainLength: number;
  clientCas: Buffer[] | null;
  firstFlightJson: string | null;
  status: number | null;
  headersJson: string | null;
  body: Buffer | null;
}

/**
 * A page of findings' evidence without a verdict of these rules or newer ones, in the order of evidence_id. Each
 * certificate travels once for each evidence that shows it; `der` is its bytes.
 */
export async function selectOutdatedEvidence(
  client: Queryable,
  rulesVersion: number,
  afterEvidenceId: number,
  limit: number,
): Promise<OutdatedEvidence[]> {
  const { rows } = await client.query<Row>(
    `SELECT evidence.evidence_id AS "evidenceId", component, port, evidence.reason, chain_length AS "chainLength",
            ARRAY(SELECT der FROM unnest(chain) WITH ORDINALITY AS link (certificate_hash, place)
                  JOIN certificates USING (certificate_hash) ORDER BY place) AS chain,
            client_ca_lists.names AS "clientCas", first_flight::text AS "firstFlightJson",
            responses.status, responses.headers::text AS "headersJson", responses.body
     FROM evidence
     LEFT JOIN fingerprints USING (evidence_id)
     LEFT JOIN client_ca_lists USING (client_ca_hash)
     LEFT JOIN first_flights USING (first_flight_hash)
     LEFT JOIN responses USING (response_hash)
     WHERE evidence.evidence_id > $2 AND COALESCE(rules_version, 0) < $1
       AND outcome IN ('answered', 'present', 'look-alike')
     ORDER BY evidence.evidence_id
     LIMIT $3`,
    [rulesVersion, afterEvidenceId, limit],
  );
  return rows.map(({ evidenceId, component, port, reason, status, headersJson, body, ...parts }) => ({
    evidenceId,
    component,
    port,
    reason,
    parts: {
      ...parts,
      response: status === null || headersJson === null || body === null ? null : { status, headersJson, body },
    },
  }));
}

export async function countOutdatedEvidence(client: Queryable, rulesVersion: number): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*) FROM evidence LEFT JOIN fingerprints USING (evidence_id)
     WHERE COALESCE(rules_version, 0) < $1 AND outcome IN ('answered', 'present', 'look-alike')`,
    [rulesVersion],
  );
  return rows[0]?.count ?? 0;
}
