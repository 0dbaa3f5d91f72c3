import path from 'node:path';
import { CODEBOOK, type Table } from '../codebook.ts';
import { type DuckDb, toSqlText } from '../duckdb.ts';
import type { PublishedCensus } from '../manifest.ts';

/** Rows by which a reader can pass over a part of a file that holds none of the addresses it looks for. */
const ROW_GROUP = 122_880;

const ORDER: Readonly<Record<Table, string>> = {
  censuses: 'census_number',
  // Hosts are counted in this order: of an address the intervals as they begin.
  endpoints: 'address_key, first_census, port, component',
  hosts: 'address_key, first_census',
  clusters: 'cluster, first_census',
};

/** Where it is not the table of that name. */
const SOURCES: Partial<Record<Table, string>> = { endpoints: 'numbered_endpoints' };

/** Adds the revisions that are about to be published to the censuses, so that they can be written as a table. */
export async function createCensusTable(db: DuckDb, censuses: readonly PublishedCensus[]): Promise<void> {
  await db.rows(
    `CREATE OR REPLACE TABLE censuses AS
     SELECT recorded_censuses.*, published.revision, published.reason AS revision_reason
     FROM recorded_censuses
     JOIN (SELECT unnest(from_json($1, '[{"censusNumber":"INTEGER","revision":"INTEGER","reason":"VARCHAR"}]')) AS published)
       ON published.censusNumber = census_number`,
    [
      JSON.stringify(
        censuses.map(({ censusNumber, revision, revisionReason }) => ({
          censusNumber,
          revision,
          reason: revisionReason ?? 'completed',
        })),
      ),
    ],
  );
}

/** One Parquet file, sorted, with the columns of the codebook; returns its rows. */
export async function writeTable(db: DuckDb, table: Table, directory: string): Promise<{ file: string; rows: number }> {
  const file = path.join(directory, `${table}.parquet`);
  const columns = CODEBOOK[table].map(({ name }) => name).join(', ');
  const [written] = await db.rows<{ Count: bigint }>(
    `COPY (SELECT ${columns} FROM ${SOURCES[table] ?? table} ORDER BY ${ORDER[table]}) TO ${toSqlText(file)}
     (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP})`,
  );
  return { file, rows: Number(written?.Count ?? 0) };
}
