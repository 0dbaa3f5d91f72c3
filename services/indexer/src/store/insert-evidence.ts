import { prepared, type Queryable, toByteaArray } from '@kubecensus/shared/database';
import type { AddressedEvidence } from '../evidence/addressed-evidence.ts';
import { toByteaArrayText } from './bytea-array-text.ts';

/** The tuples alone; the parts they name must be stored before. Gives the id of each that was new, by its hash in base64. */
export async function insertEvidence(
  client: Queryable,
  evidence: readonly AddressedEvidence[],
): Promise<Map<string, number>> {
  if (evidence.length === 0) return new Map();
  const { rows } = await client.query<{ hash: string; evidenceId: number }>(
    prepared(
      `INSERT INTO evidence (evidence_hash, component, port, outcome, reason, chain, chain_length,
                           client_ca_hash, first_flight_hash, response_hash)
     SELECT hash, component, port, outcome, reason, chain::bytea[], chain_length,
            client_ca_hash, first_flight_hash, response_hash
     FROM unnest($1::bytea[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::integer[],
                 $8::bytea[], $9::bytea[], $10::bytea[])
       AS new (hash, component, port, outcome, reason, chain, chain_length,
               client_ca_hash, first_flight_hash, response_hash)
     ORDER BY hash
     ON CONFLICT DO NOTHING
     RETURNING encode(evidence_hash, 'base64') AS hash, evidence_id AS "evidenceId"`,
      [
        toByteaArray(evidence.map(({ hash }) => hash)),
        evidence.map(({ component }) => component),
        evidence.map(({ port }) => port),
        evidence.map(({ outcome }) => outcome),
        evidence.map(({ reason }) => reason),
        evidence.map(({ chain }) => toByteaArrayText(chain.map(({ hash }) => hash))),
        evidence.map(({ chainLength }) => chainLength),
        toByteaArray(evidence.map(({ clientCas }) => clientCas?.hash ?? null)),
        toByteaArray(evidence.map(({ firstFlight }) => firstFlight?.hash ?? null)),
        toByteaArray(evidence.map(({ response }) => response?.hash ?? null)),
      ],
    ),
  );
  return new Map(rows.map(({ hash, evidenceId }) => [hash, evidenceId]));
}
