import type { DuckDb } from '../duckdb.ts';

export interface CensusDigest {
  censusNumber: number;
  /** Of the census' own row and of all that its endpoints showed, whatever the order of the rows. */
  digest: string;
  /** Look-alikes and mirrors are counted in none. */
  endpoints: number;
  hosts: number;
  clusters: number;
}

/** Every column that says something of an endpoint; an interval's ends and numbers of rows are no content. */
const CONTENT = [
  'address_key',
  'port',
  'component',
  'evidence_id',
  'outcome',
  'distribution',
  'confidence',
  'version',
  'minor',
  'minor_low',
  'minor_high',
  'exposure',
  'silence',
  'exact_san',
  'answering',
  'reason',
  'support',
  'asn',
  'as_name',
  'country',
  'provider',
  'cluster',
  'mirrored',
  'template',
];

/**
 * One digest a census from one pass over the intervals: each row's number is added where its interval begins and taken
 * away behind its end, so a running sum is the sum over the rows that cover a census.
 */
export async function digestCensuses(db: DuckDb): Promise<CensusDigest[]> {
  const content = CONTENT.map((column) => `COALESCE(${column}::VARCHAR, '')`).join(', ');
  return await db.rows<CensusDigest>(`
    WITH numbered AS (
      SELECT first_census, last_census + 1 AS after_census,
             (outcome <> 'look-alike' AND NOT mirrored)::INTEGER AS present,
             md5_number_lower(concat_ws('|', ${content}))::HUGEINT AS number
      FROM endpoints
    ), change AS (
      SELECT first_census AS census, sum(number) AS number, sum(present) AS endpoints, 0 AS hosts, 0 AS clusters
      FROM numbered GROUP BY ALL
      UNION ALL
      SELECT after_census, -sum(number), -sum(present), 0, 0 FROM numbered GROUP BY ALL
      UNION ALL
      SELECT first_census, 0, 0, count(*), 0 FROM hosts GROUP BY ALL
      UNION ALL
      SELECT last_census + 1, 0, 0, -count(*), 0 FROM hosts GROUP BY ALL
      UNION ALL
      SELECT first_census, 0, 0, 0, count(*) FROM clusters GROUP BY ALL
      UNION ALL
      SELECT last_census + 1, 0, 0, 0, -count(*) FROM clusters GROUP BY ALL
    )
    SELECT census_number AS "censusNumber",
           md5(concat_ws('|', COALESCE(sum(number), 0)::VARCHAR, any_value(recorded::VARCHAR))) AS digest,
           COALESCE(sum(endpoints), 0)::DOUBLE AS endpoints, COALESCE(sum(hosts), 0)::DOUBLE AS hosts,
           COALESCE(sum(clusters), 0)::DOUBLE AS clusters
    FROM recorded_censuses AS recorded LEFT JOIN change ON census <= census_number
    GROUP BY census_number ORDER BY census_number`);
}
