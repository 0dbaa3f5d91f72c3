import { toWeeklyFile } from '@kubecensus/reporter';
import { diffHistory, parseQuery, trendHistory } from '@kubecensus/shared/history';
import { toDiffText } from '../output/diff-text.ts';
import { toTrendText } from '../output/trend-text.ts';
import { toReportDirectory } from '../runtime/report-directory.ts';
import { withHistory } from '../runtime/with-history.ts';

/** Distributions that have a column of their own. */
const LINES = 5;

/** How the demo's series developed, from what was published: the trend, the last difference, the week's report. */
export async function toDevelopmentText(dataDir: string, series: string): Promise<string> {
  return await withHistory(dataDir, async (history) => {
    const published = await history.series(series);
    const query = parseQuery('');
    const trend = await trendHistory(published, { query, by: ['distribution'], limit: LINES });
    const [earlier, later] = trend.censuses.slice(-2);
    const parts = [`How that changed (kubecensus trend --by distribution):\n${toTrendText(trend)}`];
    if (earlier !== undefined && later !== undefined) {
      const moments = { earlier: { census: earlier.censusNumber }, later: { census: later.censusNumber } };
      const diff = await diffHistory(published, { query, ...moments, limit: 0 });
      const days = [earlier, later].map(({ asOf }) => asOf.slice(0, 10)).join(' ');
      parts.push(`What became of endpoints (kubecensus diff ${days}):\n${toDiffText(diff)}`);
    }
    // The reporter of this machine writes it beside us, and is waited for before the demo ends.
    if (later !== undefined)
      parts.push(`The week to read: ${toWeeklyFile(toReportDirectory(dataDir), later, 'html')}\n`);
    return parts.join('\n');
  });
}
