import { stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCodeOf } from '../errors/index.ts';
import { CODEBOOK } from './codebook.ts';
import { type DuckDb, openDuckDb, toSqlText } from './duckdb.ts';
import { hashFile } from './hash-file.ts';
import type { Manifest, PublishedFile } from './manifest.ts';
import { toSeriesDirectory } from './manifest-file.ts';
import { countPublished } from './queries/count-published.ts';

/** One thing that is not as the manifest says; none at all means that the publication is whole. */
export interface Discrepancy {
  file: string;
  problem: string;
}

/** Reads every file of a publication: bytes against checksums, columns against the codebook, counts against the manifest. */
export async function verifyHistory(directory: string, manifest: Manifest): Promise<Discrepancy[]> {
  const home = toSeriesDirectory(directory, manifest.seriesId);
  const found: Discrepancy[] = [];
  for (const file of manifest.files) {
    const problem = await verifyBytes(path.join(home, file.path), file);
    if (problem !== undefined) found.push({ file: file.path, problem });
  }
  // What is not the bytes that were published is not read further.
  if (found.length > 0) return found;
  if (manifest.censuses.length === 0 && manifest.files.length === 0) return found;
  const db = await openDuckDb({ directories: [directory], threads: 2, memoryLimitMb: 512 });
  try {
    for (const file of manifest.files) found.push(...(await verifyColumns(db, home, file)));
    if (found.length === 0) found.push(...(await verifyCounts(db, home, manifest)));
  } finally {
    db.close();
  }
  return found;
}

async function verifyBytes(file: string, wanted: PublishedFile): Promise<string | undefined> {
  try {
    const { size } = await stat(file);
    if (size !== wanted.bytes) return `has ${size} bytes, the manifest says ${wanted.bytes}`;
  } catch (caught) {
    if (errorCodeOf(caught) === 'ENOENT') return 'is not there';
    throw caught;
  }
  const { sha256 } = await hashFile(file);
  return sha256 === wanted.sha256 ? undefined : `has the checksum ${sha256}, the manifest says ${wanted.sha256}`;
}

async function verifyColumns(db: DuckDb, home: string, file: PublishedFile): Promise<Discrepancy[]> {
  const from = toSqlText(path.join(home, file.path));
  const columns = await db.rows<{ column_name: string }>(`DESCRIBE FROM read_parquet(${from})`);
  const [counted] = await db.rows<{ rows: number }>(`SELECT count(*)::DOUBLE AS rows FROM read_parquet(${from})`);
  const names = columns.map((column) => column.column_name).join(', ');
  const wanted = CODEBOOK[file.table].map(({ name }) => name).join(', ');
  const found: Discrepancy[] = [];
  if (names !== wanted)
    found.push({ file: file.path, problem: `has the columns ${names}, the codebook says ${wanted}` });
  if (counted?.rows !== file.rows) {
    found.push({ file: file.path, problem: `has ${counted?.rows} rows, the manifest says ${file.rows}` });
  }
  return found;
}

async function verifyCounts(db: DuckDb, home: string, manifest: Manifest): Promise<Discrepancy[]> {
  const found: Discrepancy[] = [];
  for (const table of ['endpoints', 'hosts', 'clusters'] as const) {
    const file = manifest.files.find((one) => one.table === table);
    if (file === undefined) {
      found.push({ file: 'manifest.json', problem: `names no file of ${table}` });
      continue;
    }
    const counts = await countPublished(db, table, path.join(home, file.path));
    for (const census of manifest.censuses) {
      const counted = counts.get(census.censusNumber) ?? 0;
      if (counted === census[table]) continue;
      const problem = `has ${counted} ${table} in census ${census.censusNumber}, the manifest says ${census[table]}`;
      found.push({ file: file.path, problem });
    }
  }
  return found;
}
