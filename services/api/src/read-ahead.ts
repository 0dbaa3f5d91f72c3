import type { History } from '@kubecensus/shared/history';

/** Reads the series that is asked when none is named; nothing where no census is published of any. */
export async function readAhead(history: History): Promise<void> {
  const published = await history.list();
  if (published.some(({ censuses }) => censuses.length > 0)) await (await history.series()).spans();
}
