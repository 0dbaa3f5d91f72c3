import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { KubecensusError } from '../errors/index.ts';

export interface MigrationFile {
  readonly number: number;
  /** `0001_create_scans.sql` */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 in hex of the text with LF line ends, so that a checkout's line ends do not count as a change. */
  readonly checksum: string;
}

/** As deep below the root of the workspace from src/ as from dist/. */
export const MIGRATIONS_DIR = fileURLToPath(new URL('../../../migrations/', import.meta.url));

const NAME = /^(\d{4})_[a-z0-9]+(?:_[a-z0-9]+)+\.sql$/;

/** The migrations in their order: numbered from 1 without a gap. */
export async function readMigrationFiles(directory: string = MIGRATIONS_DIR): Promise<MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  return await Promise.all(
    names.map(async (name, index) => {
      const number = Number(NAME.exec(name)?.[1]);
      if (number !== index + 1) {
        throw new KubecensusError(
          'DATABASE_MIGRATION_MISNAMED',
          `${path.join(directory, name)} should be number ${index + 1}: migrations are NNNN_verb_noun.sql, from 0001, without a gap`,
        );
      }
      const sql = (await readFile(path.join(directory, name), 'utf8')).replaceAll('\r\n', '\n');
      return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
