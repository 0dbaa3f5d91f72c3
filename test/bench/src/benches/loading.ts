import path from 'node:path';
import { CLOSING_RULES } from '@kubecensus/indexer';
import type { Database } from '@kubecensus/shared/database';
import { publishHistory } from '@kubecensus/shared/history';
import { defineBench, type Figure } from '../define-bench.ts';
import { median } from '../measure/median.ts';
import { openBenchStore } from '../measure/open-bench-store.ts';
import { cpuOfTree, postmasterOf } from '../measure/server-processes.ts';
import { ObservationForge } from '../population/forge-observation.ts';
import { probeHosts } from '../population/probe-hosts.ts';
import { WeeklyPopulation } from '../population/weekly-population.ts';
import { type LoadedWeek, loadWeek } from './loading/load-week.ts';
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
    let generating = (performance.now() - made) / 1000;
    say(`the population of ${shape.weeks} weeks is made in ${generating.toFixed(1)} s`);
    const store = await openBenchStore(directory);
    try {
      const postmaster = await postmasterOf(store);
      const cpuNow = () => cpuOfTree(postmaster) + toSeconds(process.cpuUsage());
      const loading = { store, forge, population, rules, evidence: [] };
      const weeks: (LoadedWeek & { cpu: number })[] = [];
      const load = async (week: number, shown: ReturnType<WeeklyPopulation['advance']>) => {
        const before = cpuNow();
        const loaded = await loadWeek(loading, FIRST + (week - 1) * WEEK_MS, shown);
        const cpu = cpuNow() - before - loaded.generatingSeconds;
        generating += loaded.generatingSeconds;
        say(toLine(week, loaded, cpu));
        return { ...loaded, cpu };
      };
      for (let week = 1; week <= shape.weeks && !signal.aborted; week += 1) {
        weeks.push(await load(week, population.advance(week)));
      }
      yield* toRates(weeks, generating);
      const again = await load(weeks.length + 1, { begun: [], gone: [] });
      yield {
        name: 'loading/same-week-again',
        value: again.opened + again.changed,
        unit: 'sightings opened or ended by the same findings again',
        runs: [again.seconds],
        limit: { of: 'value', atMost: 0 },
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
      yield* publish(store, path.join(directory, 'history'));
    } finally {
      await store.close();
    }
  },
});

function toSeconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e6;
}

function toLine(week: number, { rows, pieces, opened, changed, unseen, ...took }: LoadedWeek, cpu: number): string {
  const seconds = `${took.seconds.toFixed(1)} s (evidence ${took.evidenceSeconds.toFixed(1)} s), ${cpu.toFixed(1)} s of CPU`;
  const told = `opened ${opened}, changed ${changed}, unseen ${JSON.stringify(unseen)}`;
  return `week ${week}: ${rows} rows, ${pieces} new pieces of evidence in ${seconds}; ${told}`;
}

function* toRates(weeks: readonly (LoadedWeek & { cpu: number })[], generating: number): Generator<Figure> {
  const [first, ...later] = weeks;
  const sum = (of: (week: LoadedWeek & { cpu: number }) => number, among = later) =>
    among.reduce((total, week) => total + of(week), 0);
  const rows = sum((week) => week.rows);
  const all = sum((week) => week.rows, [...weeks]) / sum((week) => week.seconds, [...weeks]);
  const made = generating / (generating + sum((week) => week.seconds, [...weeks]));
  yield {
    name: 'loading/rows-per-second',
    value: rows / sum((week) => week.seconds),
    unit: 'sighting rows per second, evidence and the close of their census included',
    runs: later.map((week) => week.rows / week.seconds),
    limit: { of: 'value', atLeast: 40_000 },
    note: `${later.length} weeks after the first; with it, in which all is new (${first?.seconds.toFixed(0)} s), ${Math.round(all)}; the median week ${Math.round(median(later.map((week) => week.rows / week.seconds)))}; generating is left out and took ${Math.round(made * 100)} % of the whole`,
  };
  yield {
    name: 'loading/rows-per-cpu-second',
    value: rows / sum((week) => week.cpu),
    unit: 'sighting rows per second of CPU, PostgreSQL included',
    runs: later.map((week) => week.rows / week.cpu),
  };
}

async function* publish(store: Database, directory: string): AsyncGenerator<Figure> {
  const once = async () => {
    const begin = performance.now();
    const published = await publishHistory({ pool: store.pool('reader'), directory, series: 1 });
    return { ...published, seconds: (performance.now() - begin) / 1000 };
  };
  const first = await once();
  yield {
    name: 'loading/publication',
    value: first.seconds,
    unit: 's',
    runs: [first.seconds],
    limit: { of: 'value', atMost: 60 },
  };
  const again = await once();
  yield {
    name: 'loading/publication-again',
    value: again.changed ? 1 : 0,
    unit: 'censuses changed by publishing the same record again',
    runs: [again.seconds],
    limit: { of: 'value', atMost: 0 },
  };
  const bytes = first.manifest.files.reduce((total, file) => total + file.bytes, 0) / MB;
  yield { name: 'loading/parquet', value: bytes, unit: 'MB', runs: [bytes], limit: { of: 'value', atMost: 300 } };
}
