import { type History, openHistory } from '@kubecensus/shared/history';
import { toHistoryDirectory } from './history-directory.ts';

/** Lends the published histories of a data directory. They are files: whoever owns the store does not matter. */
export async function withHistory<T>(dataDir: string, use: (history: History) => Promise<T>): Promise<T> {
  const history = await openHistory({ directory: toHistoryDirectory(dataDir) });
  try {
    return await use(history);
  } finally {
    await history.close();
  }
}
