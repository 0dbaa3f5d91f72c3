import type { Queryable } from '@kubecensus/shared/database';
import type { Evidence, FirstFlight, Observation } from '@kubecensus/shared/messages';
import type { EndpointPlace } from './search-endpoints.ts';

interface Row extends EndpointPlace {
  outcome: Observation['outcome'];
  reason: NonNullable<Observation['reason']> | null;
  observedAt: Date | null;
  durationMs: number | null;
  connectMs: number | null;
  secondConnection: NonNullable<Observation['secondConnection']> | null;
  possession: NonNullable<Observation['possession']> | null;
  chain: string[];
  chainLength: number;
  clientCas: string[] | null;
  firstFlight:
    | (Omit<FirstFlight, 'certificateRequest'> & { certificateRequest: FirstFlight['certificateRequest'] })
    | null;
  response: { status: number; headers: [string, string][]; body: string } | null;
}

/** base64 without the line breaks that the server puts in. */
const base64 = (bytes: string) => `translate(encode(${bytes}, 'base64'), E'\\n', '')`;

/**
 * What was seen of endpoints, as the prober sent it: what an importer reads. Where the scan's own finding is not kept any
 * more its time is that of the census.
 * @param scanId of the census, or of the scan that is asked about
 */
export async function selectObservations(
  client: Queryable,
  endpoints: readonly (EndpointPlace & { evidenceId: number })[],
  scanId: string | undefined,
  asOf: Date,
): Promise<Observation[]> {
  const { rows } = await client.query<Row>(
    `SELECT host(asked.address) AS address, asked.port, asked.component, evidence.outcome, evidence.reason,
            look.observed_at AS "observedAt", look.duration_ms AS "durationMs", look.connect_ms AS "connectMs",
            look.second_connection AS "secondConnection", look.possession, chain_length AS "chainLength",
            ARRAY(SELECT ${base64('der')} FROM unnest(chain) WITH ORDINALITY AS shown (hash, place)
                  JOIN certificates ON certificate_hash = hash ORDER BY place) AS chain,
            (SELECT ARRAY(SELECT ${base64('name')} FROM unnest(names) WITH ORDINALITY AS n (name, place) ORDER BY place)
             FROM client_ca_lists WHERE client_ca_lists.client_ca_hash = evidence.client_ca_hash) AS "clientCas",
            (SELECT first_flight FROM first_flights
             WHERE first_flights.first_flight_hash = evidence.first_flight_hash) AS "firstFlight",
            (SELECT json_build_object('status', status, 'headers', headers, 'body', ${base64('body')})
             FROM responses WHERE responses.response_hash = evidence.response_hash) AS response
     FROM unnest($1::inet[], $2::integer[], $3::text[], $4::bigint[]) WITH ORDINALITY
       AS asked (address, port, component, evidence_id, place)
     JOIN evidence USING (evidence_id)
     LEFT JOIN observations AS look
       ON look.scan_id = $5 AND look.address = asked.address AND look.port = asked.port
      AND look.component = asked.component AND look.evidence_id = asked.evidence_id
     ORDER BY asked.place`,
    [
      endpoints.map(({ address }) => address),
      endpoints.map(({ port }) => port),
      endpoints.map(({ component }) => component),
      endpoints.map(({ evidenceId }) => evidenceId),
      scanId ?? null,
    ],
  );
  return rows.map((row) => toObservation(row, asOf));
}

function toObservation(row: Row, asOf: Date): Observation {
  return {
    address: row.address,
    port: row.port,
    component: row.component as Observation['component'],
    outcome: row.outcome,
    ...(row.reason !== null && { reason: row.reason }),
    observedAt: (row.observedAt ?? asOf).getTime(),
    durationMs: row.durationMs ?? 0,
    ...(row.connectMs !== null && { connectMs: row.connectMs }),
    ...(row.secondConnection !== null && { secondConnection: row.secondConnection }),
    ...(row.possession !== null && { possession: row.possession }),
    evidence: toEvidence(row),
  };
}

function toEvidence({ chain, chainLength, firstFlight, clientCas, response }: Row): Evidence {
  const request = firstFlight?.certificateRequest;
  return {
    chain,
    chainLength,
    ...(firstFlight !== null && {
      firstFlight: {
        ...firstFlight,
        certificateRequest:
          request === undefined || typeof request === 'string'
            ? (request ?? 'unknown')
            : { ...request, clientCas: clientCas ?? [] },
      },
    }),
    ...(response !== null && { response }),
  };
}
