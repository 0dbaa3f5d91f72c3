import { countHistory, type PublishedCensusHeader, type PublishedSeries, parseQuery } from '@kubecensus/shared/history';
import { toFreshness } from '@kubecensus/shared/kubernetes';

/** Endpoints of one minor of one distribution, and how long its support is over or still runs. */
export interface AgeRow {
  distribution: string;
  minor: string;
  endpoints: number;
  /** Days past the end of any support on the day of the census; negative while it runs; null where no calendar knows. */
  daysPastEnd: number | null;
}

/** The largest first. */
const LIMIT = 40;

export async function readAges(series: PublishedSeries, of: PublishedCensusHeader): Promise<AgeRow[]> {
  const { cells } = await countHistory(series, {
    query: parseQuery('minor:*'),
    by: ['distribution', 'minor'],
    census: of.censusNumber,
    limit: LIMIT,
  });
  return cells.map(({ key, count }) => {
    const [distribution, minor] = [String(key.distribution), String(key.minor)];
    const { vendor, upstream } = toFreshness(minor, distribution, of.asOf.slice(0, 10));
    const calendar = vendor ?? upstream;
    const left = calendar?.extendedDaysLeft ?? calendar?.daysLeft;
    return { distribution, minor, endpoints: count, daysPastEnd: left === undefined ? null : -left };
  });
}
