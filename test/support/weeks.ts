import { listEndpoints, listTransitions, type TransitionState } from '../../services/api/src/index.ts';
import type { LabProcess, LabTruth } from '../../services/lab/src/index.ts';
import type { Flow } from './flow.ts';

const WEEK_MS = 7 * 24 * 3_600_000;
const FIRST_DAY = Date.UTC(2026, 8, 7);

export interface WeekTerms {
  rate: number;
  /** Probers for which the shards are cut. */
  probers: number;
}

/** Plans the census of a week of the lab: always the same series, a week after the last one. */
export function planWeek(flow: Flow, lab: LabProcess, week: number, terms: WeekTerms): Promise<string> {
  // A full queue of connections drops every SYN at once, whatever the machine; what is slow to answer is only busy.
  const method = { version: '0.1.0', thorough: false, connectTimeoutMs: 600, firstFlightTimeoutMs: 5_000 };
  const { ranges, ports } = lab.targets;
  return flow.plan({ ranges, ports, ...terms, asOf: toAsOf(week), method });
}

/** The day that the census of a week answers for. */
export function toAsOf(week: number): Date {
  return new Date(FIRST_DAY + (week - 1) * WEEK_MS);
}

export function keyOf({ address, port }: { address: string; port: number }): string {
  return `${address}:${port}`;
}

function apiServers(truths: readonly LabTruth[]): LabTruth[] {
  return truths.filter(({ component }) => component === 'kube-apiserver');
}

/**
 * What docs/method.md makes of what is true in the lab:
 *
 * | the lab                                                | the record                                               |
 * |--------------------------------------------------------|----------------------------------------------------------|
 * | new, changed                                           | the same                                                 |
 * | unchanged                                              | nothing is said                                          |
 * | gone: refuses                                          | gone: a refusal is proof                                 |
 * | not-reached, and resets whoever connects               | not-reached: that proves nothing, the sighting goes on   |
 * | not-reached, and times out in the scan and in two      | gone: two time-outs in two revisits are what a stranger  |
 * | revisits                                               | takes for an end; here no hours lie between them         |
 * | reappeared, after it was not-reached and reset         | back: the same sighting goes on                          |
 * | reappeared, after it was gone or timed out             | reappeared: the next sighting                            |
 */
export function toRecordedStates(
  truths: readonly LabTruth[],
  before: readonly LabTruth[],
): Record<string, TransitionState> {
  const resetBefore = new Set(before.filter(({ kind }) => kind === 'resetting').map(keyOf));
  const states: Record<string, TransitionState> = {};
  for (const truth of apiServers(truths)) {
    const key = keyOf(truth);
    if (truth.transition === 'not-reached') states[key] = truth.kind === 'resetting' ? 'not-reached' : 'gone';
    else if (truth.transition === 'reappeared') states[key] = resetBefore.has(key) ? 'back' : 'reappeared';
    else if (truth.transition !== 'unchanged') states[key] = truth.transition;
  }
  return states;
}

/** What the record says of API servers, and apart from it of what only resembles one. */
export async function readRecordedStates(
  flow: Flow,
  week: number,
): Promise<{ states: Record<string, TransitionState>; others: Record<string, TransitionState> }> {
  const { rows } = await listTransitions(flow.database.pool('reader'), { census: week });
  const states: Record<string, TransitionState> = {};
  const others: Record<string, TransitionState> = {};
  for (const row of rows) {
    const into = row.countedAs === 'look-alike' ? others : states;
    if (keyOf(row) in into) throw new Error(`${keyOf(row)} has two transitions in census ${week}`);
    into[keyOf(row)] = row.state;
  }
  return { states, others };
}

/** Every API server that a census counts, as often as it counts it. */
export async function readMembers(flow: Flow, week: number): Promise<string[]> {
  const { rows, next } = await listEndpoints(flow.database.pool('reader'), { census: week, limit: 5_000 });
  if (next !== undefined) throw new RangeError('a census of the lab has more endpoints than a page');
  return rows
    .filter(({ outcome }) => outcome !== 'look-alike')
    .map(keyOf)
    .sort();
}

export function presentIn(truths: readonly LabTruth[]): string[] {
  return apiServers(truths)
    .filter(({ present }) => present)
    .map(keyOf)
    .sort();
}
