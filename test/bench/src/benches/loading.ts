import { loadavg } from 'node:os';
import path from 'node:path';
import { CLOSING_RULES } from '@kubecensus/indexer';
import { defineBench, type Figure } from '../define-bench.ts';
import { measurePublication } from '../measure/measure-publication.ts';
import { median } from '../measure/median.ts';
import { openBenchStore } from '../measure/open-bench-store.ts';
import { cpuOfTree, postmasterOf } from '../measure/server-processes.ts';
import { ObservationForge } from '../population/forge-observation.ts';
import { probeHosts } from '../population/probe-hosts.ts';
import { WeeklyPopulation } from '../population/weekly-population.ts';
import { closeWeek, storeWeek } from './loading/load-week.ts';
import { measureRecord } from './loading/store/weekly-scan.ts';

const ENDPOINTS = 1_500_000;
const WEEKS = 52;
const CHANGE = 30;
const MB = 1_000_000;
const FIRST = Date.parse('2025-01-06T00:00:00Z');
const WEEK_MS = 604_800_000;

/** Weekly censuses by the bulk path: evidence of what changed, then all findings by COPY, then the close of any scan. */
export default defineBench({
  about: 'weekly censuses taken into the record by the bulk path, no queue, same store code; then published',
  settings: {
    endpoints: `endpoints in a census (${ENDPOINTS})`,
    weeks: `weekly censuses (${WEEKS})`,
    change: `of 1,000 control planes those that are another in the next week (${CHANGE})`,
    seed: 'of the population (1)',
  },
  inBrief: { endpoints: 50_000, weeks: 8 },
  async *run({ directory, number, say, signal }) {
    const shape = {
      endpoints: number('endpoints', ENDPOINTS),
      weeks: number('weeks', WEEKS),
      changePerMille: number('change', CHANGE),
      seed: number('seed', 1),
    };
    const made = performance.now();
    const forge = new ObservationForge(await probeHosts());
    const population = new WeeklyPopulation(shape);
    const tables = population.addresses.toPlaceTables();
    const rules = { ...CLOSING_RULES, places: { current: async () => tables } };
    const making = (performance.now() - made) / 1000;
    say(`the population of ${shape.weeks} weeks is made in ${making.toFixed(1)} s`);
    const store = await openBenchStore(directory);
    try {
      const postmaster = await postmasterOf(store);
      const cpuNow = () => cpuOfTree(postmaster) + toSeconds(process.cpuUsage());
      const loading = { store, forge, population, rules, evidence: new Uint32Array(population.address.length) };
      const dateOf = (week: number) => FIRST + (week - 1) * WEEK_MS;
      const weeks: LoadedWeek[] = [];
      let before = { at: performance.now(), cpu: cpuNow() };
      let stored = await storeWeek(loading, 1, dateOf(1));
      for (let week = 1; week <= shape.weeks && !signal.aborted; week += 1) {
        // While a census is closed, what the next one shows anew is stored beside it.
        const next = week < shape.weeks ? storeWeek(loading, week + 1, dateOf(week + 1)) : undefined;
        const [closed, following] = await Promise.all([closeWeek(loading, stored), next]);
        const now = { at: performance.now(), cpu: cpuNow() };
        const { pieces, forging } = stored;
        const took = { seconds: (now.at - before.at) / 1000, cpu: now.cpu - before.cpu, pieces, forging };
        weeks.push({ ...took, rows: closed.rows });
        say(toLine(week, { ...took, ...closed }));
        before = now;
        if (following !== undefined) stored = following;
      }
      yield* toRates(weeks, making);
      const begin = performance.now();
      const again = await closeWeek(loading, { ...stored, asOf: stored.asOf + WEEK_MS, gone: [] });
      const seconds = (performance.now() - begin) / 1000;
      yield {
        name: 'loading/same-week-again',
        value: again.opened + again.changed,
        unit: 'sightings opened or ended by the same findings again',
        runs: [seconds],
        limit: { of: 'value', atMost: 0 },
        note: `${again.rows} rows in ${seconds.toFixed(1)} s`,
      };
      const size = await measureRecord(store);
      const value = (size.total - size.certificates) / MB;
      yield {
        name: 'loading/record-size',
        value,
        unit: 'MB of PostgreSQL without certificates',
        runs: [value],
        limit: { of: 'value', atMost: 8000 },
        note: `${size.sightings} sightings, ${size.evidence} pieces of evidence; certificates, with their DER and the index of their names, need ${Math.round(size.certificates / MB)} MB more`,
      };
      yield* measurePublication('loading', store, 1, path.join(directory, 'history'));
    } finally {
      await store.close();
    }
  },
});

function toSeconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e6;
}

/** Of the clock, its evidence and its making included. */
interface LoadedWeek {
  rows: number;
  pieces: number;
  seconds: number;
  cpu: number;
  forging: number;
}

function toLine(
  week: number,
  of: LoadedWeek & { opened: number; changed: number; unseen: Record<string, number> },
): string {
  const took = `${of.seconds.toFixed(1)} s and ${of.cpu.toFixed(1)} s of CPU, load ${loadavg()[0]?.toFixed(1)}`;
  const told = `opened ${of.opened}, changed ${of.changed}, unseen ${JSON.stringify(of.unseen)}`;
  return `week ${week}: ${of.rows} rows, ${of.pieces} new pieces of evidence in ${took}; ${told}`;
}

function* toRates(weeks: readonly LoadedWeek[], making: number): Generator<Figure> {
  const [first, ...later] = weeks;
  const sum = (of: (week: LoadedWeek) => number, among: readonly LoadedWeek[] = later) =>
    among.reduce((total, week) => total + of(week), 0);
  const seconds = sum((week) => week.seconds);
  const runs = later.map((week) => week.rows / week.seconds);
  const all = sum((week) => week.rows, weeks) / sum((week) => week.seconds, weeks);
  const forging = sum((week) => week.forging, weeks);
  yield {
    name: 'loading/rows-per-second',
    value: sum((week) => week.rows) / seconds,
    unit: 'sighting rows per second of the clock, evidence and the close of their census included',
    runs,
    limit: { of: 'value', atLeast: 40_000 },
    note:
      `${later.length} weeks after the first, ${Math.round(median(runs))} in the median one; with the first, in which all is new ` +
      `(${first?.seconds.toFixed(0)} s), ${Math.round(all)}; observations were made in ${forging.toFixed(0)} s of it, ` +
      `the population in ${making.toFixed(0)} s before`,
  };
  yield {
    name: 'loading/rows-per-cpu-second',
    value: sum((week) => week.rows) / sum((week) => week.cpu - week.forging),
    unit: 'sighting rows per second of CPU, PostgreSQL included, the making of observations not',
    runs: later.map((week) => week.rows / (week.cpu - week.forging)),
  };
}
