import type { CensusQuality } from '../../census/index.ts';
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
  /** Of this census: 1, and one more each time that it came to say something else. */
  revision: number;
  /** `completed`, `reclassified`, `opt-out` or `late-data`. */
  revisionReason: string;
  /** ISO 8601. */
  asOf: string;
  targetCount: number;
  lookedAt: number;
  /** lookedAt / targetCount, 0 to 1. */
  coverage: number;
  notReached: number;
  quality: CensusQuality;
  /** False where too few canaries were recognised to call anything gone. */
  callsGone: boolean;
  /** Of those not reached: gone by their revisits, and not called so for that. */
  withheld: number;
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
  revision_reason: string;
  as_of: Date;
  target_count: number;
  looked_at: number;
  not_reached: number;
  connects: number | null;
  slow_connects: number | null;
  packets_lost: number | null;
  targets_lost: number | null;
  loss_dials: number | null;
  loss_dials_lost: number | null;
  canary_looks: number | null;
  canary_hits: number | null;
  canary_recall: number | null;
  starved: number | null;
  longest_lag_ms: number | null;
  calls_gone: boolean;
  withheld: number;
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
    `SELECT census_number, revision, revision_reason, as_of, target_count::DOUBLE AS target_count, looked_at::DOUBLE AS looked_at,
            not_reached, connects::DOUBLE AS connects, slow_connects::DOUBLE AS slow_connects, packets_lost, targets_lost,
            loss_dials::DOUBLE AS loss_dials, loss_dials_lost::DOUBLE AS loss_dials_lost,
            canary_looks::DOUBLE AS canary_looks, canary_hits::DOUBLE AS canary_hits, canary_recall, starved,
            longest_lag_ms::DOUBLE AS longest_lag_ms, calls_gone, withheld, method
     FROM censuses ORDER BY census_number`,
  );
  return read.map((row) => ({
    seriesId: manifest.seriesId,
    series: manifest.series,
    publication: manifest.revision,
    censusNumber: row.census_number,
    revision: row.revision,
    revisionReason: row.revision_reason,
    asOf: row.as_of.toISOString(),
    targetCount: row.target_count,
    lookedAt: row.looked_at,
    coverage: row.target_count === 0 ? 1 : row.looked_at / row.target_count,
    notReached: row.not_reached,
    quality: {
      connects: row.connects,
      slowConnects: row.slow_connects,
      packetsLost: row.packets_lost,
      targetsLost: row.targets_lost,
      lossDials: row.loss_dials,
      lossDialsLost: row.loss_dials_lost,
      canaryLooks: row.canary_looks,
      canaryHits: row.canary_hits,
      canaryRecall: row.canary_recall,
      starved: row.starved,
      longestLagMs: row.longest_lag_ms,
    },
    callsGone: row.calls_gone,
    withheld: row.withheld,
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

/**
 * The censuses from one moment to another, both included; a number names one of them.
 * @throws {KubecensusError} QUERY_CENSUS_UNKNOWN where a number names none
 */
export function toStretch(
  censuses: readonly PublishedCensusHeader[],
  { from = {}, to = {} }: { from?: Moment; to?: Moment },
): PublishedCensusHeader[] {
  for (const { census } of [from, to]) if (census !== undefined) toCensusOf(censuses, { census });
  return censuses.filter(
    ({ asOf, censusNumber }) =>
      (from.asOf === undefined || asOf >= from.asOf.toISOString()) &&
      (to.asOf === undefined || asOf <= to.asOf.toISOString()) &&
      (from.census === undefined || censusNumber >= from.census) &&
      (to.census === undefined || censusNumber <= to.census),
  );
}
