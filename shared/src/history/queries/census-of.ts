import { KubecensusError } from '../../errors/index.ts';
import type { Manifest } from '../manifest.ts';
import type { PublishedSeries } from '../open-history.ts';

/** What every answer says of a census that it was counted in. */
export interface PublishedCensusHeader {
  seriesId: number;
  series: string;
  /** Of the whole publication. */
  publication: number;
  censusNumber: number;
  /** Of this census: 1, and one more each time that it was published in other words. */
  revision: number;
  /** ISO 8601. */
  asOf: string;
  targetCount: number;
  lookedAt: number;
  /** lookedAt / targetCount, 0 to 1. */
  coverage: number;
  notReached: number;
  /** As JSON text: censuses of unequal methods are not compared without a word. */
  method: string;
}

export interface Moment {
  /** The last census on or before this instant; the last one of all unless told. */
  asOf?: Date;
  /** Number of a census. */
  census?: number;
}

interface CensusRow {
  census_number: number;
  revision: number;
  as_of: Date;
  target_count: number;
  looked_at: number;
  not_reached: number;
  method: string;
}

/** A publication never changes, so its censuses are read once. */
const known = new WeakMap<Manifest, Promise<PublishedCensusHeader[]>>();

/** All censuses of a publication, the first one first. */
export function readCensuses(series: PublishedSeries): Promise<PublishedCensusHeader[]> {
  const present = known.get(series.manifest);
  if (present !== undefined) return present;
  const reading = readFile(series);
  known.set(series.manifest, reading);
  // What failed is tried again by the next question.
  reading.catch(() => known.delete(series.manifest));
  return reading;
}

async function readFile({ manifest, rows }: PublishedSeries): Promise<PublishedCensusHeader[]> {
  const read = await rows<CensusRow>(
    `SELECT census_number, revision, as_of, target_count::DOUBLE AS target_count, looked_at::DOUBLE AS looked_at,
            not_reached, method
     FROM censuses ORDER BY census_number`,
  );
  return read.map((row) => ({
    seriesId: manifest.seriesId,
    series: manifest.series,
    publication: manifest.revision,
    censusNumber: row.census_number,
    revision: row.revision,
    asOf: row.as_of.toISOString(),
    targetCount: row.target_count,
    lookedAt: row.looked_at,
    coverage: row.target_count === 0 ? 1 : row.looked_at / row.target_count,
    notReached: row.not_reached,
    method: row.method,
  }));
}

/** @throws {KubecensusError} QUERY_CENSUS_UNKNOWN */
export function toCensusOf(censuses: readonly PublishedCensusHeader[], moment: Moment): PublishedCensusHeader {
  const { asOf, census } = moment;
  const found = censuses.findLast(
    (one) =>
      (census === undefined || one.censusNumber === census) && (asOf === undefined || one.asOf <= asOf.toISOString()),
  );
  if (found !== undefined) return found;
  const series = censuses[0]?.series ?? '';
  const what = census !== undefined ? `census ${census}` : `census on or before ${asOf?.toISOString() ?? 'today'}`;
  throw new KubecensusError(
    'QUERY_CENSUS_UNKNOWN',
    `series ${series} has no published ${what}; \`kubecensus history list\` shows what there is`,
  );
}
