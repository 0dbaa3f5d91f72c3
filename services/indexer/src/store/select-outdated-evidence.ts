import type { Queryable } from '@kubecensus/shared/database';
import type { EvidenceHead } from '../evidence/classifier.ts';
import type { StoredParts } from '../evidence/stored-parts.ts';

export interface OutdatedEvidence extends EvidenceHead {
  evidenceId: number;
  parts: StoredParts;
}

interface Row extends EvidenceHead {
  evidenceId: number;
  /** Hashes in base64. */
  chain: string[];
  chainLength: number;
  clientCas: string | null;
  firstFlight: string | null;
  status: number | null;
  headersJson: string | null;
  body: Buffer | null;
}

/** A page of findings' evidence without a verdict of these rules or newer ones, in the order of evidence_id. */
export async function selectOutdatedEvidence(
  client: Queryable,
  rulesVersion: number,
  afterEvidenceId: number,
  limit: number,
): Promise<OutdatedEvidence[]> {
  const { rows } = await client.query<Row>(
    `SELECT evidence.evidence_id AS "evidenceId", component, port, evidence.reason, chain_length AS "chainLength",
            ARRAY(SELECT encode(hash, 'base64') FROM unnest(chain) AS hash) AS chain,
            encode(client_ca_hash, 'base64') AS "clientCas", encode(first_flight_hash, 'base64') AS "firstFlight",
            responses.status, responses.headers::text AS "headersJson", responses.body
     FROM evidence
     -- The bound of the page stands here, too: it does not pass through an outer join, and each page would begin at the first row.
     LEFT JOIN (SELECT evidence_id, rules_version FROM fingerprints WHERE evidence_id > $2) AS kept USING (evidence_id)
     LEFT JOIN responses USING (response_hash)
     WHERE evidence.evidence_id > $2 AND COALESCE(rules_version, 0) < $1
       AND outcome IN ('answered', 'present', 'look-alike')
     ORDER BY evidence.evidence_id
     LIMIT $3`,
    [rulesVersion, afterEvidenceId, limit],
  );
  // Parts that evidence has in common travel once.
  const certificates = await selectCertificates(client, new Set(rows.flatMap(({ chain }) => chain)));
  const clientCas = await selectClientCas(client, new Set(rows.flatMap((row) => row.clientCas ?? [])));
  const flights = await selectFirstFlights(client, new Set(rows.flatMap(({ firstFlight }) => firstFlight ?? [])));
  return rows.map(({ evidenceId, component, port, reason, ...row }) => ({
    evidenceId,
    component,
    port,
    reason,
    parts: {
      chain: row.chain.flatMap((hash) => certificates.get(hash) ?? []),
      chainLength: row.chainLength,
      clientCas: clientCas.get(row.clientCas ?? '') ?? null,
      firstFlightJson: flights.get(row.firstFlight ?? '') ?? null,
      response:
        row.status === null || row.headersJson === null || row.body === null
          ? null
          : { status: row.status, headersJson: row.headersJson, body: row.body },
    },
  }));
}

async function selectCertificates(client: Queryable, hashes: ReadonlySet<string>): Promise<Map<string, Buffer>> {
  const { rows } = await client.query<{ hash: string; der: Buffer }>(
    `SELECT encode(certificate_hash, 'base64') AS hash, der FROM certificates
     WHERE certificate_hash = ANY(ARRAY(SELECT decode(hash, 'base64') FROM unnest($1::text[]) AS hash))`,
    [[...hashes]],
  );
  return new Map(rows.map(({ hash, der }) => [hash, der]));
}

async function selectClientCas(client: Queryable, hashes: ReadonlySet<string>): Promise<Map<string, Buffer[]>> {
  const { rows } = await client.query<{ hash: string; names: Buffer[] }>(
    `SELECT encode(client_ca_hash, 'base64') AS hash, names FROM client_ca_lists
     WHERE client_ca_hash = ANY(ARRAY(SELECT decode(hash, 'base64') FROM unnest($1::text[]) AS hash))`,
    [[...hashes]],
  );
  return new Map(rows.map(({ hash, names }) => [hash, names]));
}

async function selectFirstFlights(client: Queryable, hashes: ReadonlySet<string>): Promise<Map<string, string>> {
  const { rows } = await client.query<{ hash: string; json: string }>(
    `SELECT encode(first_flight_hash, 'base64') AS hash, first_flight::text AS json FROM first_flights
     WHERE first_flight_hash = ANY(ARRAY(SELECT decode(hash, 'base64') FROM unnest($1::text[]) AS hash))`,
    [[...hashes]],
  );
  return new Map(rows.map(({ hash, json }) => [hash, json]));
}

export async function countOutdatedEvidence(client: Queryable, rulesVersion: number): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*) FROM evidence LEFT JOIN fingerprints USING (evidence_id)
     WHERE COALESCE(rules_version, 0) < $1 AND outcome IN ('answered', 'present', 'look-alike')`,
    [rulesVersion],
  );
  return rows[0]?.count ?? 0;
}
