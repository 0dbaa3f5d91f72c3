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

/** Versions that are told one by one, the largest first. */
const LIMIT = 40;

/** What of the endpoints that tell their minor the rows do not show. */
export interface AgeRest {
  versions: number;
  endpoints: number;
  /** Of all endpoints that tell it, those of the rows included. */
  total: number;
}

export async function readAges(
  series: PublishedSeries,
  of: PublishedCensusHeader,
  limit = LIMIT,
): Promise<{ ages: AgeRow[]; agesRest: AgeRest }> {
  const { cells, other, total } = await countHistory(series, {
    query: parseQuery('minor:*'),
    by: ['distribution', 'minor'],
    census: of.censusNumber,
    limit,
  });
  const ages = cells.map(({ key, count }) => {
    const [distribution, minor] = [String(key.distribution), String(key.minor)];
    const { vendor, upstream } = toFreshness(minor, distribution, of.asOf.slice(0, 10));
    const calendar = vendor ?? upstream;
    const left = calendar?.extendedDaysLeft ?? calendar?.daysLeft;
    return { distribution, minor, endpoints: count, daysPastEnd: left === undefined ? null : -left };
  });
  return { ages, agesRest: { versions: other.cells, endpoints: other.count, total } };
}
