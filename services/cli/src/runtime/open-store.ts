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

/** After `openOwnStore` failed: the store of who has it. @throws what it failed with, where there is none to be joined */
export async function joinStore({ dataDir }: Where, failure: unknown): Promise<Database> {
  if (!(failure instanceof KubecensusError) || failure.code !== 'DATABASE_BUSY') throw failure;
  try {
    return await joinDatabase(dataDir);
  } catch (cause) {
    throw new KubecensusError(failure.code, failure.message, { cause });
  }
}
