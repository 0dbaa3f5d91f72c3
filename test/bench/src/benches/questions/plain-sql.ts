import type { Database } from '@kubecensus/shared/database';

/** Questions of each kind as somebody would put them to the record in SQL, without a history. */
export const PLAIN_SQL = {
  trend: `
    WITH span AS (
      SELECT distribution, first_census, last_census FROM sightings JOIN fingerprints USING (evidence_id)
      WHERE series_id = $1 AND minor < $2
    ), change AS (
      SELECT distribution, first_census AS census, count(*) AS n FROM span GROUP BY 1, 2
      UNION ALL SELECT distribution, last_census + 1, -count(*) FROM span WHERE last_census IS NOT NULL GROUP BY 1, 2
    )
    SELECT distribution, census, sum(sum(n)) OVER (PARTITION BY distribution ORDER BY census) FROM change GROUP BY 1, 2`,
  hosts: `
    SELECT census_number, distribution, count(DISTINCT address)
    FROM censuses
    JOIN sightings ON sightings.series_id = censuses.series_id AND first_census <= census_number
                  AND COALESCE(last_census, census_number) >= census_number
    JOIN endpoints USING (endpoint_id) JOIN fingerprints ON fingerprints.evidence_id = sightings.evidence_id
    WHERE censuses.series_id = $1 AND census_number % 10 = 1 AND minor < $2 GROUP BY 1, 2`,
  count: `
    SELECT distribution, country, count(*)
    FROM sightings JOIN fingerprints USING (evidence_id) JOIN endpoint_places USING (endpoint_id) JOIN places USING (place_id)
    WHERE sightings.series_id = $1 AND sightings.first_census <= 30 AND COALESCE(last_census, 30) >= 30 AND minor < $2
    GROUP BY 1, 2`,
  'look-up': `
    SELECT host(address), endpoints.port, distribution, version, subject, dns_names
    FROM sightings JOIN endpoints USING (endpoint_id) JOIN fingerprints ON fingerprints.evidence_id = sightings.evidence_id
    JOIN evidence ON evidence.evidence_id = sightings.evidence_id JOIN certificates ON certificate_hash = chain[1]
    WHERE series_id = $1 AND last_census IS NULL AND minor < $2 ORDER BY address, endpoints.port LIMIT 100 OFFSET 5000`,
  names: `
    SELECT count(*) FROM certificates
    WHERE $1 > 0 AND EXISTS (SELECT FROM unnest(dns_names) AS name WHERE name LIKE '%' || $2 || '7a%.example.net')`,
  diff: `
    SELECT count(*) FILTER (WHERE a.evidence_id IS NULL), count(*) FILTER (WHERE b.evidence_id IS NULL),
           count(*) FILTER (WHERE a.evidence_id <> b.evidence_id)
    FROM (SELECT endpoint_id, evidence_id FROM sightings JOIN fingerprints USING (evidence_id)
          WHERE series_id = $1 AND first_census <= 10 AND COALESCE(last_census, 10) >= 10 AND minor < $2) AS a
    FULL JOIN (SELECT endpoint_id, evidence_id FROM sightings JOIN fingerprints USING (evidence_id)
          WHERE series_id = $1 AND first_census <= 40 AND COALESCE(last_census, 40) >= 40 AND minor < $2) AS b
      USING (endpoint_id)`,
} as const satisfies Record<string, string>;

/** Milliseconds of a question in SQL, with two workers. */
export async function timePlainSql(
  store: Database,
  kind: keyof typeof PLAIN_SQL,
  seriesId: number,
  minor: string,
): Promise<number> {
  const begin = performance.now();
  await store.pool('reader').query(PLAIN_SQL[kind], [seriesId, minor]);
  return performance.now() - begin;
}
