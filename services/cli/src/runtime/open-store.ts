import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SharedConfig } from '@kubecensus/shared/config';
import { type Database, joinDatabase, openDatabase } from '@kubecensus/shared/database';
import { KubecensusError } from '@kubecensus/shared/errors';

type Where = Pick<SharedConfig, 'databaseUrl' | 'dataDir'>;

/** The server of DATABASE_URL, or the embedded one as its only owner. @throws KubecensusError of area DATABASE */
export async function openOwnStore(config: Where, onWarning?: (line: string) => void): Promise<Database> {
  const where = config.databaseUrl === undefined ? { dataDir: config.dataDir } : { url: config.databaseUrl };
  return await openDatabase(where, onWarning ? { onWarning } : {});
}

/**
 * The same, or the embedded server of another process of this user that has the data directory: questions and
 * exclusions do not wait for the end of a scan.
 */
export async function openStore(config: Where, onWarning?: (line: string) => void): Promise<Database> {
  try {
    return await openOwnStore(config, onWarning);
  } catch (caught) {
    return await joinStore(config, caught);
  }
}

/**
 * For questions: a data directory in which nothing was ever stored is told, and not laid out.
 * @throws KubecensusError STORE_EMPTY
 */
export async function openFilledStore(config: Where, onWarning?: (line: string) => void): Promise<Database> {
  assertFilled(config);
  return await openStore(config, onWarning);
}

/** @throws KubecensusError STORE_EMPTY where the data directory holds no store */
export function assertFilled({ databaseUrl, dataDir }: Where): void {
  if (databaseUrl === undefined && !isFilled(dataDir)) {
    const demo = isFilled(path.join(dataDir, 'demo'))
      ? `; the demo's store is in ${path.join(dataDir, 'demo')}: name it with --data-dir`
      : '';
    throw new KubecensusError(
      'STORE_EMPTY',
      `there is no store in ${dataDir}, and so nothing to ask or to change; take a census with kubecensus scan, or name another directory with --data-dir${demo}`,
    );
  }
}

/** The server's files, or the note of where they are. */
function isFilled(dataDir: string): boolean {
  return existsSync(path.join(dataDir, 'postgresql')) || existsSync(path.join(dataDir, 'database.location'));
}

/** After `openOwnStore` failed: the store of who has it. @throws what it failed with, where there is none to be joined */
export async function joinStore({ dataDir }: Where, failure: unknown): Promise<Database> {
  if (!(failure instanceof KubecensusError) || failure.code !== 'DATABASE_BUSY') throw failure;
  try {
    return await joinDatabase(dataDir);
  } catch (cause) {
    throw new KubecensusError(failure.code, failure.message, { cause });
  }
}
