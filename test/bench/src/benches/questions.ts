import { loadavg } from 'node:os';
import path from 'node:path';
import { buildWeeklyReport, writeWeekly } from '@kubecensus/reporter';
import { type Database, openDatabase } from '@kubecensus/shared/database';
import { type Manifest, openHistory } from '@kubecensus/shared/history';
import { defineBench, type Figure } from '../define-bench.ts';
import { measurePublication, toParquetFigure } from '../measure/measure-publication.ts';
import { median, percentile } from '../measure/median.ts';
import { memoryOfProcess } from '../measure/memory.ts';
import { openBenchStore } from '../measure/open-bench-store.ts';
import { cpuOfProcess } from '../measure/run-counted.ts';
import { MINORS } from '../population/kinds.ts';
import { layOutHistory } from '../population/lay-out-history.ts';
import { layOutRecord } from '../population/lay-out-record.ts';
import { createRandom } from '../population/random.ts';
import { type AskedApi, startApi } from './questions/ask-api.ts';
import { makeDimensions, makeFilter, makeWeek } from './questions/make-question.ts';
import { type PLAIN_SQL, timePlainSql } from './questions/plain-sql.ts';

const ENDPOINTS = 1_500_000;
const WEEKS = 52;
const CHANGE = 30;
const QUESTIONS = 200;
const SQL_RUNS = 3;
const PAGES = 1000;
const MB = 1_000_000;
/** Until the api has read what is published. */
const MAX_READING_MS = 120_000;

/** What is asked: a record with what is published of it, or a publication alone. */
interface Subject {
  store: Database;
  history: string;
  seriesId: number;
  weeks: number;
  /** False where a publication has no record behind it: then rows are not looked up, and nothing is asked in SQL. */
  hasRecord: boolean;
}

/** A year of censuses, asked through the api in a process of its own. */
export default defineBench({
  about: 'p95 of random questions through the api over a year of censuses, beside plain SQL over the record',
  settings: {
    endpoints: `endpoints in a census (${ENDPOINTS})`,
    weeks: `weekly censuses (${WEEKS})`,
    change: `of 1,000 control planes those that are another in the next week (${CHANGE})`,
    questions: `questions of each kind (${QUESTIONS})`,
    pages: `pages until the last look-up page (${PAGES})`,
    record: '0: only a publication, without the record behind it (1)',
    store: 'a data directory with a record and what is published of it, to be asked instead',
    seed: 'of the population and the questions (1)',
  },
  inBrief: { endpoints: 50_000, weeks: 8, questions: 20, pages: 50 },
  async *run({ directory, number, text, say }) {
    const seed = number('seed', 1);
    const shape = {
      endpoints: number('endpoints', ENDPOINTS),
      weeks: number('weeks', WEEKS),
      changePerMille: number('change', CHANGE),
      seed,
    };
    const given = text('store');
    const store = given === undefined ? await openBenchStore(directory) : await openDatabase({ dataDir: given });
    try {
      const history = path.join(given ?? directory, 'history');
      if (given === undefined && number('record', 1) === 0) {
        yield toParquetFigure('questions', (await layOutHistory(history, shape, say)).manifest);
      } else if (given === undefined) {
        const laidOut = await layOutRecord(store, shape, say);
        yield* measureSizes(store, laidOut.rows);
        yield* measurePublication('questions', store, laidOut.seriesId, history);
      }
      const manifest = await readPublished(history);
      const hasRecord = number('record', 1) !== 0;
      const subject = { store, history, seriesId: manifest.seriesId, weeks: manifest.censuses.length, hasRecord };
      yield* report(history, directory);
      const api = await startApi(store, history, path.join(directory, 'api'));
      try {
        const random = createRandom(seed + 1);
        const asked = { api, ...subject, random, say, questions: number('questions', QUESTIONS) };
        yield* askAll(asked, number('pages', PAGES));
        const { peak } = memoryOfProcess(api.pid);
        yield {
          name: 'questions/memory-of-api',
          value: peak / MB,
          unit: 'MB at most',
          runs: [peak / MB],
          limit: { of: 'value', atMost: 1000 },
        };
      } finally {
        await api.close();
      }
    } finally {
      await store.close();
    }
  },
});

async function readPublished(directory: string): Promise<Manifest> {
  const history = await openHistory({ directory });
  try {
    return (await history.series()).manifest;
  } finally {
    await history.close();
  }
}

async function* measureSizes(store: Database, rows: Readonly<Record<string, number>>): AsyncGenerator<Figure> {
  const { rows: found } = await store
    .pool()
    .query<{ total: string; certificates: string }>(
      `SELECT pg_database_size(current_database())::text AS total, pg_total_relation_size('certificates')::text AS certificates`,
    );
  const total = Number(found[0]?.total) / MB;
  const certificates = Number(found[0]?.certificates) / MB;
  const kept = total - certificates;
  yield {
    name: 'questions/record-size',
    value: kept,
    unit: 'MB of PostgreSQL without certificates',
    runs: [kept],
    limit: { of: 'value', atMost: 8000 },
    note: `${rows.sightings} sightings, ${rows.evidence} pieces of evidence; ${rows.certificates} certificates need ${Math.round(certificates)} MB more`,
  };
}

async function* report(directory: string, into: string): AsyncGenerator<Figure> {
  const history = await openHistory({ directory });
  try {
    const begin = performance.now();
    await writeWeekly(await buildWeeklyReport(await history.series()), path.join(into, 'reports'));
    const seconds = (performance.now() - begin) / 1000;
    const limit = { of: 'value', atMost: 60 } as const;
    yield {
      name: 'questions/report',
      value: seconds,
      unit: 's, the history read from its files',
      runs: [seconds],
      limit,
    };
  } finally {
    await history.close();
  }
}

interface Asked extends Subject {
  api: AskedApi;
  random: () => number;
  say: (line: string) => void;
  questions: number;
}

async function* askAll(asked: Asked, pages: number): AsyncGenerator<Figure> {
  const { api, random, weeks } = asked;
  const q = (filter: string) => `q=${encodeURIComponent(filter)}`;
  const begin = performance.now();
  // The api gives a question up after ten seconds, and goes on reading.
  while (!(await isAnswered(api, '/v1/count')) && performance.now() - begin < MAX_READING_MS);
  asked.say(`the history is in the api's memory after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  for (const unit of ['endpoint', 'host', 'cluster'] as const) {
    if (unit === 'cluster' && !(await isAnswered(api, '/v1/count?unit=cluster'))) continue;
    const ask = () => `/v1/trend?unit=${unit}&by=${makeDimensions(random, 1)}&${q(makeFilter(random))}`;
    yield* measure(asked, `trend-${unit}`, 100, unit === 'endpoint' ? 'trend' : 'hosts', ask);
  }
  yield* measure(asked, 'count', 80, 'count', () => {
    const asOf = random() < 0.5 ? '' : `&census=${makeWeek(random, weeks)}`;
    const unit = random() < 0.3 ? 'host' : 'endpoint';
    return `/v1/count?unit=${unit}&by=${makeDimensions(random, 3)}&${q(makeFilter(random))}${asOf}`;
  });
  yield* measure(asked, 'diff', 500, 'diff', () => {
    const [a, b] = [makeWeek(random, weeks), makeWeek(random, weeks)];
    const [earlier, later] = a === b ? [1, weeks] : [Math.min(a, b), Math.max(a, b)];
    return `/v1/diff?earlier=${earlier}&later=${later}&${q(makeFilter(random))}`;
  });
  if (!asked.hasRecord) return;
  yield* measure(asked, 'look-up', 100, 'look-up', () => `/v1/search?limit=100&${q(makeFilter(random))}`);
  yield* measurePages(asked, pages);
  yield* measure(asked, 'names', 500, 'names', () => {
    const hex = () => Math.floor(random() * 16).toString(16);
    const part = `${hex()}${hex()}${hex()}${random() < 0.5 ? hex() : ''}`;
    const pattern = random() < 0.3 ? `*.${random() < 0.5 ? 'internal' : 'example.net'}` : `*${part}*`;
    return `/v1/search?limit=100&${q(`san:"${pattern}" ${random() < 0.5 ? makeFilter(random) : ''}`)}`;
  });
}

async function isAnswered(api: AskedApi, question: string): Promise<boolean> {
  try {
    await api.ask(question);
    return true;
  } catch {
    return false;
  }
}

async function* measure(
  { api, store, seriesId, hasRecord, random, questions, say }: Asked,
  kind: string,
  limitMs: number,
  sql: keyof typeof PLAIN_SQL,
  make: () => string,
): AsyncGenerator<Figure> {
  for (let round = 0; round < 3; round += 1) await api.ask(make());
  const runs: number[] = [];
  const slowest = { milliseconds: 0, question: '' };
  const cpu = cpuOfProcess(api.pid);
  for (let round = 0; round < questions; round += 1) {
    const question = make();
    const { milliseconds } = await api.ask(question);
    runs.push(milliseconds);
    if (milliseconds > slowest.milliseconds) Object.assign(slowest, { milliseconds, question });
  }
  const perQuestion = ((cpuOfProcess(api.pid) - cpu) * 1000) / questions;
  const plain: number[] = [];
  for (let round = 0; hasRecord && round < SQL_RUNS; round += 1) {
    plain.push(await timePlainSql(store, sql, seriesId, MINORS[Math.floor(random() * 8)] ?? '1.30'));
  }
  say(`the slowest ${kind}: ${slowest.milliseconds.toFixed(0)} ms, ${decodeURIComponent(slowest.question)}`);
  const value = percentile(runs, 0.95);
  yield {
    name: `questions/${kind}`,
    value,
    unit: 'ms, 95th percentile',
    ...(hasRecord && toReference(value, median(plain))),
    runs,
    limit: { of: 'value', atMost: limitMs },
    note: `median ${median(runs).toFixed(0)} ms; ${perQuestion.toFixed(0)} ms of the api's CPU each; load ${loadavg()[0]?.toFixed(1)}`,
  };
}

function toReference(value: number, sql: number): Pick<Figure, 'reference' | 'ratio'> {
  return { reference: { name: 'plain SQL, median', value: sql }, ratio: value / sql };
}

/** Page after page by the cursor that each gives. */
async function* measurePages({ api }: Asked, pages: number): AsyncGenerator<Figure> {
  const runs: number[] = [];
  let cursor = '';
  for (let page = 0; page < pages; page += 1) {
    const { answer, milliseconds } = await api.ask(`/v1/search?limit=100&q=answering%3Ayes${cursor}`);
    runs.push(milliseconds);
    if (typeof answer.cursor !== 'string') break;
    cursor = `&cursor=${encodeURIComponent(answer.cursor)}`;
  }
  const value = percentile(runs, 0.95);
  const last = runs.slice(-20);
  yield {
    name: 'questions/look-up-pages',
    value,
    unit: 'ms, 95th percentile of the pages',
    runs,
    limit: { of: 'value', atMost: 100 },
    note: `page ${runs.length}: ${median(last).toFixed(0)} ms in the median of the last 20`,
  };
}
