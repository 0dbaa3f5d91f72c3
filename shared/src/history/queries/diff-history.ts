import { KubecensusError } from '../../errors/index.ts';
import type { FieldName, Query } from '../language/index.ts';
import type { PublishedSeries } from '../open-history.ts';
import { type ClusterDiff, toDiff } from '../spans/diff-spans.ts';
import { prepareQuestion } from '../spans/row-test.ts';
import { assertPublished, toNotMeasured, toPresent } from './asked.ts';
import { type Moment, type PublishedCensusHeader, readCensuses, toCensusOf } from './census-of.ts';
import type { DiffRow, DiffState } from './diff-states.ts';

export interface DiffQuestion {
  query: Query;
  earlier: Moment;
  later: Moment;
  /** Endpoints that are listed, those that are unchanged never; 100 unless told. */
  limit?: number;
}

export interface Diff {
  earlier: PublishedCensusHeader;
  later: PublishedCensusHeader;
  /** Endpoints by state; a state without any is 0. */
  counts: Record<DiffState, number>;
  /** Clusters with an endpoint that meets the query: in both censuses, in the later alone, in the earlier alone. */
  clusters: ClusterDiff;
  /** By address, port, component. */
  rows: DiffRow[];
  notMeasured: FieldName[];
}

/**
 * What became of the endpoints that meet the query in at least one of two censuses of a series.
 * @throws {KubecensusError} QUERY_CENSUS_UNKNOWN, QUERY_CENSUSES_ORDER, QUERY_FIELD_NOT_TRENDABLE
 */
export async function diffHistory(series: PublishedSeries, question: DiffQuestion): Promise<Diff> {
  const { query, limit = 100 } = question;
  assertPublished(query);
  const censuses = await readCensuses(series);
  const earlier = toCensusOf(censuses, question.earlier);
  const later = toCensusOf(censuses, question.later);
  if (earlier.censusNumber >= later.censusNumber) {
    throw new KubecensusError(
      'QUERY_CENSUSES_ORDER',
      `a difference needs two censuses, the earlier one first; both dates name census ${later.censusNumber} or come the wrong way round`,
    );
  }
  const spans = await series.spans();
  // A look-alike is there, and meets nothing: what turns into one has left.
  const meets = async (asOf: string) => await prepareQuestion(spans, toPresent(query), asOf.slice(0, 10));
  const ends = {
    earlier: { census: earlier.censusNumber, meets: await meets(earlier.asOf) },
    later: { census: later.censusNumber, meets: await meets(later.asOf) },
  };
  const { counts, clusters, rows } = await toDiff(spans, { ...ends, limit });
  return { earlier, later, counts, clusters, rows, notMeasured: toNotMeasured(query, []) };
}
