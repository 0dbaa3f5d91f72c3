/*
 * What is past its time leaves the record in two steps:
 *
 *   1. the months' tables are dropped, and their censuses marked as forgotten: one short transaction, whatever they hold
 *   2. the sweep: single looks of those scans, endpoints that nothing remembers, evidence that nobody shows any more,
 *      a page at a time
 *
 * A crash between the two leaves rows that nothing refers to, and the next sweep takes them. An endpoint that was open
 * all the time keeps its sighting whole: it is dropped with the month in which it ends.
 */
import { withTransaction } from '@kubecensus/shared/database';
import type pg from 'pg';
import { deleteOrphanedEvidence, lockBatches } from '../store/delete-range.ts';
import {
  deleteForgottenEndpoints,
  deleteLooksBefore,
  dropMonths,
  forgetCensuses,
  selectMonthsBefore,
  selectOrphanedEvidence,
} from '../store/drop-months.ts';
import { lockClosing } from '../store/lock-scan-to-close.ts';

export interface Forgotten {
  /** Names of the tables that were dropped: sightings_YYYY_MM, absences_YYYY_MM. */
  months: string[];
  censuses: number;
  /** Series whose history is now shorter: what was published of them is to be published anew. */
  seriesIds: number[];
  /** How long the record was held up by dropping the months. */
  droppedInMs: number;
}

export interface Swept {
  observations: number;
  endpoints: number;
  evidence: number;
}

/** Evidence deleted in one transaction. */
const PAGE = 50_000;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** YYYY-MM. */
export function isMonth(text: string): boolean {
  return MONTH.test(text);
}

/**
 * Drops all months before `month` (YYYY-MM).
 * @param pool with the owner's powers
 * @throws {RangeError} where that is no month
 */
export async function forgetMonths(pool: pg.Pool, month: string): Promise<Forgotten> {
  const day = toFirstDay(month);
  return await withTransaction(pool, async (client) => {
    // No census is closed meanwhile: it may end a sighting in a month that goes.
    await lockClosing(client);
    const begin = performance.now();
    const months = await selectMonthsBefore(client, day);
    await dropMonths(client, months);
    const { seriesIds, censuses } = await forgetCensuses(client, day);
    return { months, censuses, seriesIds, droppedInMs: performance.now() - begin };
  });
}

/** Takes out what nothing refers to since months before `month` were dropped; it can be ended and run again at any time. */
export async function sweepForgotten(pool: pg.Pool, month: string): Promise<Swept> {
  const day = toFirstDay(month);
  const swept = await withTransaction(pool, async (client) => {
    await lockClosing(client);
    const observations = await deleteLooksBefore(client, day);
    return { observations, endpoints: await deleteForgottenEndpoints(client, day), evidence: 0 };
  });
  for (let after = 0; ; ) {
    const last = await withTransaction(pool, async (client) => {
      // No scan is closed and no batch committed meanwhile: both may hold evidence by its number.
      await lockClosing(client);
      await lockBatches(client);
      const page = await selectOrphanedEvidence(client, after, PAGE);
      swept.evidence += await deleteOrphanedEvidence(client, page);
      return page.length < PAGE ? undefined : page.at(-1);
    });
    if (last === undefined) return swept;
    after = last;
  }
}

function toFirstDay(month: string): string {
  if (isMonth(month)) return `${month}-01`;
  throw new RangeError(`${JSON.stringify(month)} is no month; write it as YYYY-MM`);
}
