import type { Queryable } from '@kubecensus/shared/database';
import { RECORDED_OUTCOMES } from '@kubecensus/shared/vocabulary';
import type { AbsenceReason, Sighting, Timeline } from '../late/replay-sightings.ts';

export interface Target {
  address: string;
  port: number;
  component: string;
}

/** What a scan found at these targets, as of now: endpoint -> its evidence. */
export async function selectFound(
  client: Queryable,
  scanId: string,
  targets: readonly Target[],
): Promise<Map<number, number>> {
  const { rows } = await client.query<{ endpointId: number; evidenceId: number }>(
    `SELECT endpoint_id AS "endpointId", observations.evidence_id AS "evidenceId"
     FROM unnest($2::inet[], $3::integer[], $4::text[]) AS target (address, port, component)
     JOIN observations USING (address, port, component) JOIN endpoints USING (address, port, component)
     WHERE observations.scan_id = $1 AND observations.outcome = ANY($5) AND observations.evidence_id IS NOT NULL`,
    [
      scanId,
      targets.map(({ address }) => address),
      targets.map(({ port }) => port),
      targets.map(({ component }) => component),
      [...RECORDED_OUTCOMES],
    ],
  );
  return new Map(rows.map(({ endpointId, evidenceId }) => [endpointId, evidenceId]));
}

/** What a series has of each of these endpoints. */
export async function selectTimelines(
  client: Queryable,
  seriesId: number,
  endpointIds: readonly number[],
): Promise<Map<number, Timeline>> {
  const { rows: sightings } = await client.query<Sighting & { endpointId: number }>(
    `SELECT endpoint_id AS "endpointId", evidence_id AS "evidenceId", first_census AS first, last_census AS last, ended
     FROM sightings WHERE series_id = $1 AND endpoint_id = ANY($2) ORDER BY first_census`,
    [seriesId, endpointIds],
  );
  const { rows: absences } = await client.query<{ endpointId: number; census: number; reason: AbsenceReason }>(
    `SELECT endpoint_id AS "endpointId", census_number AS census, reason
     FROM absences WHERE series_id = $1 AND endpoint_id = ANY($2)`,
    [seriesId, endpointIds],
  );
  const timelines = new Map(
    endpointIds.map((id) => [id, { sightings: [] as Sighting[], absences: new Map<number, AbsenceReason>() }]),
  );
  for (const { endpointId, ...sighting } of sightings) timelines.get(endpointId)?.sightings.push(sighting);
  for (const { endpointId, census, reason } of absences) timelines.get(endpointId)?.absences.set(census, reason);
  return timelines;
}

/** Puts these timelines in the place of what the series has of their endpoints. */
export async function replaceTimelines(
  client: Queryable,
  seriesId: number,
  timelines: ReadonlyMap<number, Timeline>,
): Promise<void> {
  const endpointIds = [...timelines.keys()];
  const sightings = [...timelines].flatMap(([endpointId, { sightings: of }]) =>
    of.map((one) => ({ endpointId, ...one })),
  );
  const absences = [...timelines].flatMap(([endpointId, { absences: of }]) =>
    [...of].map(([census, reason]) => ({ endpointId, census, reason })),
  );
  for (const table of ['sightings', 'absences']) {
    await client.query(`DELETE FROM ${table} WHERE series_id = $1 AND endpoint_id = ANY($2)`, [seriesId, endpointIds]);
  }
  await client.query(
    `INSERT INTO sightings (series_id, endpoint_id, evidence_id, first_census, last_census, ended, last_on)
     SELECT $1, endpoint_id, evidence_id, first_census, last_census, ended,
            COALESCE((as_of AT TIME ZONE 'UTC')::date, 'infinity')
     FROM unnest($2::bigint[], $3::bigint[], $4::integer[], $5::integer[], $6::text[])
            AS new (endpoint_id, evidence_id, first_census, last_census, ended)
     LEFT JOIN censuses ON censuses.series_id = $1 AND census_number = last_census`,
    [
      seriesId,
      sightings.map(({ endpointId }) => endpointId),
      sightings.map(({ evidenceId }) => evidenceId),
      sightings.map(({ first }) => first),
      sightings.map(({ last }) => last),
      sightings.map(({ ended }) => ended),
    ],
  );
  await client.query(
    `INSERT INTO absences (series_id, census_number, endpoint_id, reason, absent_on)
     SELECT $1, census_number, endpoint_id, reason, (as_of AT TIME ZONE 'UTC')::date
     FROM unnest($2::bigint[], $3::integer[], $4::text[]) AS new (endpoint_id, census_number, reason)
     JOIN censuses USING (census_number) WHERE censuses.series_id = $1`,
    [
      seriesId,
      absences.map(({ endpointId }) => endpointId),
      absences.map(({ census }) => census),
      absences.map(({ reason }) => reason),
    ],
  );
}
