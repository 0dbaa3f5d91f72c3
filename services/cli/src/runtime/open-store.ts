import type { SharedConfig } from '@kubecensus/shared/config';
import { type Database, openDatabase } from '@kubecensus/shared/database';

/** Opens the store alone: the server of DATABASE_URL, or the embedded one. */
export async function openStore(
  config: Pick<SharedConfig, 'databaseUrl' | 'dataDir'>,
  onWarning?: (line: string) => void,
): Promise<Database> {
  const where = config.databaseUrl === undefined ? { dataDir: config.dataDir } : { url: config.databaseUrl };
  return await openDatabase(where, onWarning ? { onWarning } : {});
}
