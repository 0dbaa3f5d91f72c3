import path from 'node:path';
import { openDuckDb, toSqlText } from './duckdb.ts';

/** Column name -> its type in SQL; names and types are ours, never a caller's text. */
export type ParquetColumns = Readonly<Record<string, 'VARCHAR' | 'BIGINT' | 'BOOLEAN' | 'TIMESTAMPTZ' | 'VARCHAR[]'>>;

/** Turns a file with a JSON object a line into a Parquet file beside it; what has no column is left out. Returns its rows. */
export async function writeParquet(ndjsonFile: string, columns: ParquetColumns, parquetFile: string): Promise<number> {
  const directories = [...new Set([ndjsonFile, parquetFile].map((file) => path.dirname(path.resolve(file))))];
  const db = await openDuckDb({ directories, threads: 2, memoryLimitMb: 512 });
  try {
    const types = Object.entries(columns).map(([name, type]) => `${toSqlText(name)}: '${type}'`);
    const [written] = await db.rows<{ Count: bigint }>(
      `COPY (SELECT * FROM read_json(${toSqlText(path.resolve(ndjsonFile))}, format = 'newline_delimited',
                                     columns = {${types.join(', ')}}))
       TO ${toSqlText(path.resolve(parquetFile))} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return Number(written?.Count ?? 0);
  } finally {
    db.close();
  }
}
