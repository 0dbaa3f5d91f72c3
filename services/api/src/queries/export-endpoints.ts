import type { Observation } from '@kubecensus/shared/messages';
import type pg from 'pg';
import { selectObservations } from './observations-of.ts';
import type { Population } from './resolve-subject.ts';
import { type FoundEndpoint, type SearchQuestion, searchEndpoints } from './search-endpoints.ts';

/** An endpoint with all that was seen of it. */
export interface ExportedEndpoint {
  found: FoundEndpoint;
  observation: Observation;
}

export interface ExportPage {
  of: Population;
  rows: ExportedEndpoint[];
  /** Endpoints that met the query on this page, taken or not. */
  met: number;
}

/** Rows that are in memory at once, however slow their reader is; each has 3 kB of evidence, and may have 100. */
const PAGE = 200;

/**
 * Every endpoint of the question with its evidence, a page at a time: the next one is read when the one before was taken.
 * All pages are of the census of the first one.
 * @param isTaken whether an endpoint is exported at all; of one that is not no evidence is read
 */
export async function* exportEndpoints(
  pool: pg.Pool,
  question: SearchQuestion,
  isTaken: (endpoint: FoundEndpoint) => boolean = () => true,
): AsyncGenerator<ExportPage> {
  let asked: SearchQuestion = { ...question, limit: PAGE };
  for (;;) {
    const { of, rows, next } = await searchEndpoints(pool, asked);
    const taken = rows.filter(isTaken);
    const observations = await selectObservations(pool, taken, toScanId(of), toAsOf(of));
    const exported = taken.flatMap((found, at) => {
      const observation = observations[at];
      return observation === undefined ? [] : [{ found, observation }];
    });
    yield { of, rows: exported, met: rows.length };
    if (next === undefined) return;
    const pinned = of.kind === 'census' ? { series: of.census.seriesId, census: of.census.censusNumber } : {};
    asked = { ...question, ...pinned, limit: PAGE, after: next };
  }
}

function toScanId(of: Population): string | undefined {
  return of.kind === 'census' ? of.census.scanId : of.kind === 'scan' ? of.scanId : undefined;
}

function toAsOf(of: Population): Date {
  return of.kind === 'census' ? of.census.asOf : new Date();
}
