import type { Queryable } from '@kubecensus/shared/database';
import { errorCodeOf } from '@kubecensus/shared/errors';
import {
  type FoundSpan,
  findEndpoints,
  type History,
  type PublishedSeries,
  type Query,
  type Term,
  termsOf,
  toField,
} from '@kubecensus/shared/history';
import type { Population } from './resolve-subject.ts';
import type { EndpointPlace } from './search-endpoints.ts';
import { selectEvidenceOfNames } from './select-evidence-of-names.ts';

interface PageQuestion {
  query: Query;
  limit: number;
  after?: EndpointPlace;
  history?: History;
}

/**
 * The endpoints of a page by what is published of the census. Undefined where that is another revision of it, or none,
 * or the query asks about texts that too many certificates show: then the record is walked, where such a page is near.
 */
export async function findPage(
  client: Queryable,
  of: Population,
  { query, limit, after, history }: PageQuestion,
): Promise<FoundSpan[] | undefined> {
  if (of.kind !== 'census' || history === undefined) return undefined;
  const { seriesId, censusNumber, revision, asOf } = of.census;
  const series = await readPublished(history, seriesId);
  const published = series?.manifest.censuses.find((census) => census.censusNumber === censusNumber);
  if (series === undefined || published?.revision !== revision) return undefined;
  const evidenceOf = new Map<Term, ReadonlySet<number>>();
  for (const term of termsOf(query)) {
    if (toField(term.field).kept === 'history') continue;
    const evidence = await selectEvidenceOfNames(client, term);
    if (evidence === undefined) return undefined;
    evidenceOf.set(term, evidence);
  }
  const day = asOf.toISOString().slice(0, 10);
  return await findEndpoints(series, {
    query,
    censusNumber,
    asOf: day,
    limit,
    evidenceOf,
    ...(after !== undefined && { after }),
  });
}

async function readPublished(history: History, seriesId: number): Promise<PublishedSeries | undefined> {
  try {
    return await history.series(seriesId);
  } catch (caught) {
    if (errorCodeOf(caught) === 'HISTORY_NOT_PUBLISHED') return undefined;
    throw caught;
  }
}
