import type pg from 'pg';
import { CLUSTER_SINCE } from './members.ts';

/** What the record knows of one endpoint, as of the last look at it or as of one scan. */
export interface EndpointRecord {
  address: string;
  port: number;
  component: string;
  outcome: string;
  /** Why a component that is present gave no whole answer. */
  outcomeReason: string | null;
  firstSeenAt: Date | null;
  lastSeenAt: Date | null;
  lookedAt: Date;
  lastScanId: string;
  verdict: EndpointVerdict | null;
  evidence: EndpointEvidence | null;
  /** By the last census that looked it up; null where none did. */
  place: EndpointWhereabouts | null;
  /** Of each series in whose last census it was a member of one, or could not be. */
  clusters: EndpointCluster[];
  /** Oldest first. */
  sightings: EndpointSighting[];
}

export interface EndpointCluster {
  series: string;
  /** Null where no cluster is told; `reason` says why. */
  cluster: string | null;
  reason: 'mark' | 'template' | 'not-proved' | 'replayed' | 'no-mark' | 'no-api-server';
  /** That it belongs there by, or the template's. */
  mark: string | null;
  /** Census from which on it has belonged there, for this reason. */
  sinceCensus: number;
  sinceAsOf: string;
  /** Whether it holds the key of its certificate; null where that was not told. */
  possession: 'proved' | 'failed' | null;
  mirrored: boolean;
  /** Day on which the cluster began, at the latest; null where that cannot be read. */
  clusterSince: string | null;
  /** Other endpoints of the cluster, and the first of them by address. */
  fellowCount: number;
  fellows: { address: string; port: number; component: string; mark: string | null; sinceCensus: number }[];
}

/** Where its address lies; each field null where the tables of that census do not know. */
export interface EndpointWhereabouts {
  asn: number | null;
  asName: string | null;
  country: string | null;
  provider: string | null;
  /** Date of the census from which on it is so. */
  since: string;
}

export interface EndpointVerdict {
  rulesVersion: number;
  distribution: string;
  confidence: string;
  version: string | null;
  minor: string | null;
  minorLow: string | null;
  minorHigh: string | null;
  exposure: string;
  silence: string | null;
  exactSan: boolean;
  answering: boolean;
  reason: string;
  rules: string[];
  couldBe: string[];
  contradictions: { rules: string[]; distribution?: string }[];
}

export interface EndpointEvidence {
  /** SHA-256 of the whole of it, in hex. */
  hash: string;
  chainLength: number;
  /** Leaf first, as far as they were kept. Texts are a stranger's, cleaned. */
  certificates: {
    hash: string;
    subject: string | null;
    issuer: string | null;
    dnsNames: string[];
    ipAddresses: string[];
    notBefore: string | null;
    notAfter: string | null;
    keyType: string | null;
  }[];
  clientCas: string[] | null;
  tlsVersion: string | null;
  response: { status: number; headers: [string, string][]; bodyBase64: string } | null;
}

export interface EndpointSighting {
  series: string;
  firstCensus: number;
  /** Null while it is open. */
  lastCensus: number | null;
  ended: string | null;
  firstAsOf: Date;
  /** Of the last census that this sighting covers so far. */
  lastAsOf: Date | null;
  distribution: string | null;
  version: string | null;
  exposure: string | null;
  /** Censuses in between in which it was not reached, and nothing proved it gone. */
  notReached: number[];
}

const VERDICT = `
  SELECT json_build_object(
    'rulesVersion', rules_version, 'distribution', distribution, 'confidence', confidence, 'version', version,
    'minor', minor, 'minorLow', minor_low, 'minorHigh', minor_high, 'exposure', exposure, 'silence', silence,
    'exactSan', exact_san, 'answering', answering, 'reason', fingerprints.reason, 'rules', rules, 'couldBe', could_be,
    'contradictions', contradictions)
  FROM fingerprints WHERE fingerprints.evidence_id = looked.evidence_id`;

const EVIDENCE = `
  SELECT json_build_object(
    'hash', encode(evidence_hash, 'hex'), 'chainLength', chain_length,
    'certificates', ARRAY(
      SELECT json_build_object(
        'hash', encode(certificate_hash, 'hex'), 'subject', subject, 'issuer', issuer, 'dnsNames', dns_names,
        'ipAddresses', ip_addresses, 'notBefore', not_before, 'notAfter', not_after, 'keyType', key_type)
      FROM unnest(chain) WITH ORDINALITY AS shown (hash, place) JOIN certificates ON certificate_hash = hash
      ORDER BY place),
    'clientCas', (SELECT texts FROM client_ca_lists WHERE client_ca_lists.client_ca_hash = evidence.client_ca_hash),
    'tlsVersion', (SELECT first_flight ->> 'tlsVersion' FROM first_flights
                   WHERE first_flights.first_flight_hash = evidence.first_flight_hash),
    'response', (SELECT json_build_object('status', status, 'headers', headers,
                                          'bodyBase64', translate(encode(body, 'base64'), E'\\n', ''))
                 FROM responses WHERE responses.response_hash = evidence.response_hash))
  FROM evidence WHERE evidence.evidence_id = looked.evidence_id`;

const PLACE = `
  SELECT json_build_object('asn', asn, 'asName', as_name, 'country', country, 'provider', provider, 'since', as_of)
  FROM endpoint_places AS spot JOIN places USING (place_id)
  JOIN censuses ON censuses.series_id = spot.series_id AND census_number = spot.first_census
  WHERE spot.endpoint_id = known.endpoint_id ORDER BY as_of DESC LIMIT 1`;

const SIGHTINGS = `
  SELECT COALESCE(json_agg(json_build_object(
    'series', series.name, 'firstCensus', first_census, 'lastCensus', last_census, 'ended', ended,
    'firstAsOf', (SELECT as_of FROM censuses WHERE censuses.series_id = sightings.series_id
                  AND census_number = first_census),
    'lastAsOf', (SELECT max(as_of) FROM censuses WHERE censuses.series_id = sightings.series_id
                 AND census_number <= COALESCE(last_census, census_number)),
    'distribution', distribution, 'version', version, 'exposure', exposure,
    'notReached', ARRAY(SELECT census_number FROM absences
                        WHERE absences.series_id = sightings.series_id
                          AND absences.endpoint_id = sightings.endpoint_id
                          AND census_number BETWEEN first_census AND COALESCE(last_census, census_number)
                        ORDER BY census_number))
    ORDER BY series.series_id, first_census), '[]')
  FROM sightings JOIN series USING (series_id) LEFT JOIN fingerprints USING (evidence_id)
  WHERE sightings.endpoint_id = known.endpoint_id`;

/** Fellows that are listed of a cluster; their number is told. */
const MAX_FELLOWS = 20;

const CLUSTERS = `
  SELECT COALESCE(json_agg(json_build_object(
    'series', series.name, 'cluster', folded.cluster_id, 'reason', folded.reason, 'mark', folded.mark,
    'sinceCensus', (SELECT min(first_census) FROM memberships AS earlier
                    WHERE earlier.series_id = folded.series_id AND earlier.endpoint_id = folded.endpoint_id
                      AND (earlier.cluster_id, earlier.reason) IS NOT DISTINCT FROM (folded.cluster_id, folded.reason)),
    'sinceAsOf', (SELECT to_char(min(as_of) AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM censuses
                  WHERE censuses.series_id = folded.series_id AND census_number = folded.first_census),
    'possession', folded.possession, 'mirrored', folded.mirrored,
    'clusterSince', to_char(${CLUSTER_SINCE}, 'YYYY-MM-DD'),
    'fellowCount', (SELECT count(*) FROM memberships AS fellow WHERE FELLOW),
    'fellows', ARRAY(
      SELECT json_build_object('address', host(address), 'port', port, 'component', component, 'mark', fellow.mark,
                               'sinceCensus', fellow.first_census)
      FROM memberships AS fellow JOIN endpoints USING (endpoint_id) WHERE FELLOW
      ORDER BY address, port, component LIMIT ${MAX_FELLOWS}))
    ORDER BY series.series_id), '[]')
  FROM memberships AS folded JOIN series USING (series_id)
  WHERE folded.endpoint_id = known.endpoint_id AND folded.last_census IS NULL`.replaceAll(
  'FELLOW',
  `fellow.series_id = folded.series_id AND fellow.cluster_id = folded.cluster_id AND fellow.last_census IS NULL
     AND fellow.endpoint_id <> folded.endpoint_id`,
);

interface Row extends Omit<EndpointRecord, 'sightings'> {
  sightings: (Omit<EndpointSighting, 'firstAsOf' | 'lastAsOf'> & { firstAsOf: string; lastAsOf: string | null })[];
}

/** The current state of every endpoint of an address, by port and component. */
export async function describeAddress(pool: pg.Pool, address: string, port?: number): Promise<EndpointRecord[]> {
  const { rows } = await pool.query<Row>(
    `SELECT host(known.address) AS address, known.port, known.component, known.outcome,
            (SELECT reason FROM evidence WHERE evidence.evidence_id = known.evidence_id) AS "outcomeReason",
            first_seen_at AS "firstSeenAt", last_seen_at AS "lastSeenAt", last_looked_at AS "lookedAt",
            last_scan_id::text AS "lastScanId",
            (${VERDICT}) AS verdict, (${EVIDENCE}) AS evidence, (${CLUSTERS}) AS clusters, (${PLACE}) AS place,
            (${SIGHTINGS}) AS sightings
     FROM endpoints AS known
     -- Gone endpoints keep what they showed last.
     CROSS JOIN LATERAL (
       SELECT COALESCE(known.evidence_id, (
         SELECT evidence_id FROM sightings WHERE sightings.endpoint_id = known.endpoint_id
         ORDER BY sighting_id DESC LIMIT 1)) AS evidence_id
     ) AS looked
     WHERE known.address = $1 AND ($2::integer IS NULL OR known.port = $2)
     ORDER BY known.port, known.component`,
    [address, port ?? null],
  );
  return rows.map(toRecord);
}

/** What one scan recorded of each target, by address, port and component; looks that found nothing among them. */
export async function describeScan(pool: pg.Pool, scanId: string): Promise<EndpointRecord[]> {
  const { rows } = await pool.query<Row>(
    `SELECT host(looked.address) AS address, looked.port, looked.component, looked.outcome,
            looked.reason AS "outcomeReason",
            first_seen_at AS "firstSeenAt", last_seen_at AS "lastSeenAt", observed_at AS "lookedAt",
            looked.scan_id::text AS "lastScanId",
            (${VERDICT}) AS verdict, (${EVIDENCE}) AS evidence, (${CLUSTERS}) AS clusters, (${PLACE}) AS place,
            (${SIGHTINGS}) AS sightings
     FROM observations AS looked
     LEFT JOIN endpoints AS known USING (address, port, component)
     WHERE looked.scan_id = $1
     ORDER BY looked.address, looked.port, looked.component`,
    [scanId],
  );
  return rows.map(toRecord);
}

function toRecord(row: Row): EndpointRecord {
  return {
    ...row,
    sightings: row.sightings.map((sighting) => ({
      ...sighting,
      firstAsOf: new Date(sighting.firstAsOf),
      lastAsOf: sighting.lastAsOf === null ? null : new Date(sighting.lastAsOf),
    })),
  };
}
