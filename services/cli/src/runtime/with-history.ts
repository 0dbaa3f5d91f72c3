import { existsSync } from 'node:fs';
import { type History, openHistory } from '@kubecensus/shared/history';
import { readCliConfig } from '../config.ts';
import { toHistoryDirectory } from './history-directory.ts';
import { assertFilled } from './open-store.ts';

/**
 * Lends the published histories of a data directory. They are files: whoever owns the store does not matter. Where there
 * is nothing at all, the answer is that of every other question.
 * @throws KubecensusError STORE_EMPTY
 */
export async function withHistory<T>(dataDir: string, use: (history: History) => Promise<T>): Promise<T> {
  const directory = toHistoryDirectory(dataDir);
  if (!existsSync(directory)) assertFilled({ ...readCliConfig(), dataDir });
  const history = await openHistory({ directory });
  try {
    return await use(history);
  } finally {
    await history.close();
  }
}
