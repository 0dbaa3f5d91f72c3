import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Database } from '../../../shared/src/database/index.ts';
import {
  countHistory,
  diffHistory,
  type History,
  openHistory,
  parseQuery,
  trendHistory,
} from '../../../shared/src/history/index.ts';
import { QUEUE_MESSAGES } from '../../../shared/src/messages/index.ts';
import { createQueues } from '../../../shared/src/queue/index.ts';
import { createTestDatabase } from '../../../test/support/database.ts';
import { insertSeries } from '../../../test/support/record.ts';
import { insertRecordedHistory } from '../../../test/support/recorded-history.ts';
import { toLineChart } from './render/line-chart.ts';
import { createReporter } from './reporter.ts';
import { readAges } from './reports/version-ages.ts';
import { buildWeeklyReport, type WeeklyReport } from './reports/weekly-report.ts';
import { writeWeekly } from './write-weekly.ts';

let database: Database;
let directory: string;
let history: History;
let seriesId: number;
let report: WeeklyReport;

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'kubecensus-reporter-'));
  seriesId = await insertSeries(database.pool(), 'weekly <b>');
  await insertRecordedHistory(database.pool(), seriesId, { addresses: 90, weeks: 5, seed: 13 });
  history = await openHistory({ directory });
  const log = { debug() {}, info: vi.fn(), warn() {}, error: vi.fn() };
  const queues = await createQueues({ url: database.url('writer'), messages: QUEUE_MESSAGES });
  const reporter = createReporter({
    pool: database.pool('reader'),
    queues,
    history,
    historyDirectory: directory,
    reportDirectory: path.join(directory, 'reports'),
    weeklyCron: '0 6 * * 1',
    log,
  });
  try {
    await reporter.start();
    await queues.add('report', { seriesId, censusNumber: 5 });
    await untilWritten(log.info, { censusNumber: 5 });
    // The schedule's message, which comes on Mondays.
    await rm(path.join(directory, 'reports'), { recursive: true });
    await queues.add('report', { edition: 'weekly' });
    await untilWritten(log.info, { edition: 'weekly' });
    expect(log.error).not.toHaveBeenCalled();
  } finally {
    await reporter.close();
    await queues.close();
  }
  report = await buildWeeklyReport(await history.series(seriesId));
});
afterAll(async () => {
  await history.close();
  await rm(directory, { recursive: true, force: true });
  await database.close();
});

it('a week before the first census is none, and is told as such', async () => {
  const asked = buildWeeklyReport(await history.series(seriesId), { asOf: new Date('1999-01-01T23:59:59.999Z') });
  await expect(asked).rejects.toMatchObject({ code: 'QUERY_CENSUS_UNKNOWN' });
});

async function untilWritten(info: (fields: object, line: string) => void, about: object): Promise<void> {
  const line = 'the weekly report is written';
  await vi.waitFor(() => expect(info).toHaveBeenCalledWith(expect.objectContaining(about), line), 30_000);
}

it('a census that was closed is published, and its week written in every form, again by the schedule', async () => {
  const names = await readdir(path.join(directory, 'reports'));
  expect(names.sort()).toEqual(['html', 'json', 'md'].map((ending) => `weekly-${seriesId}-2026-02-02.${ending}`));
  const [manifest] = await history.list();
  expect(manifest?.censuses).toHaveLength(5);
});

it('every figure of the report is what count says of its question, this week and the week before', async () => {
  const series = await history.series(seriesId);
  let compared = 0;
  for (const { name, query, unit = 'endpoint', value, before } of report.figures) {
    if (query === undefined) continue;
    for (const [census, expected] of [
      [5, value],
      [4, before],
    ] as const) {
      const { total } = await countHistory(series, { query: parseQuery(query), unit, census });
      expect([name, census, total]).toEqual([name, census, expected]);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(14);
});

it('the states are those of diff, and the versions those of count', async () => {
  const series = await history.series(seriesId);
  const { counts } = await diffHistory(series, { query: parseQuery(''), earlier: { census: 4 }, later: { census: 5 } });
  expect(report.states).toEqual(counts);
  for (const { distribution, minor, endpoints } of report.ages) {
    const { total } = await countHistory(series, { query: parseQuery(`distribution:${distribution} minor:${minor}`) });
    expect(total).toBe(endpoints);
  }
  const { total } = await countHistory(series, { query: parseQuery('minor:*') });
  const shown = report.ages.reduce((sum, { endpoints }) => sum + endpoints, 0);
  expect(report.agesRest).toMatchObject({ total, endpoints: total - shown });
  const cut = await readAges(series, report.of, 2);
  const rest = report.ages.slice(2).reduce((sum, { endpoints }) => sum + endpoints, 0) + report.agesRest.endpoints;
  expect(cut.ages).toEqual(report.ages.slice(0, 2));
  expect(cut.agesRest).toMatchObject({ total, endpoints: rest });
  expect(report.ages.some(({ daysPastEnd }) => daysPastEnd !== null && daysPastEnd > 0)).toBe(true);
});

it('every line of a chart ends with what trend says, and the shares are those of the census', async () => {
  const series = await history.series(seriesId);
  for (const { title, lines } of report.charts.slice(1)) {
    const by = title.replace('Endpoints by ', '');
    const trend = await trendHistory(series, { query: parseQuery(''), by: [by], limit: 100 });
    for (const { name, counts } of lines) {
      const line = trend.lines.find(({ key }) => String(key[by] ?? 'not told') === name);
      expect([by, name, counts]).toEqual([by, name, line?.counts]);
    }
  }
  const [coverage] = report.shares;
  expect(coverage).toEqual({ name: 'coverage', value: 0.99, before: 0.99 });
});

it('the sentences tell three changes of the last week, the biggest first, in the numbers of trend', async () => {
  const series = await history.series(seriesId);
  const changes: string[] = [];
  const sizes: number[] = [];
  for (const by of ['distribution', 'minor', 'support', 'exposure', 'country', 'provider']) {
    const { lines } = await trendHistory(series, { query: parseQuery(''), by: [by], limit: 1000 });
    for (const { key, counts } of lines) {
      const [before = 0, now = 0] = counts.slice(-2);
      changes.push(`${key[by]} ${before} ${now}`);
      if (key[by] !== null) sizes.push(Math.abs(now - before));
    }
  }
  const told = report.sentences.map((sentence) => {
    const [, before, now] = /from (\d+) to (\d+) \([+-]\d+, [+-][\d.]+ %\)\.$/.exec(sentence) ?? [];
    expect(changes.some((line) => line.endsWith(` ${before} ${now}`))).toBe(true);
    return Math.abs(Number(now) - Number(before));
  });
  expect(told).toEqual(sizes.sort((a, b) => b - a).slice(0, 3));
});

it('the HTML loads nothing, runs nothing, and a name in it is text', async () => {
  const files = await writeWeekly(report, path.join(directory, 'again'));
  const html = await readFile(files.find((file) => file.endsWith('.html')) ?? '', 'utf8');
  expect(html).toContain('weekly &lt;b&gt;');
  expect(html).not.toMatch(/<script|<link|<img|src=|@import|url\(/i);
  expect(html.match(/<svg/g)).toHaveLength(report.charts.length);
  const markdown = await readFile(files.find((file) => file.endsWith('.md')) ?? '', 'utf8');
  expect(markdown).toContain('weekly \\<b\\>');
  for (const { value } of report.figures) {
    if (value !== null && value < 1000) expect(markdown).toContain(`| ${value} |`);
  }
});

it('a chart of nothing and of one week draws, with an axis from zero', () => {
  expect(toLineChart({ title: 'none', days: [], lines: [] })).toContain('<svg');
  const one = toLineChart({ title: 'one', days: ['2026-01-05'], lines: [{ name: 'a', counts: [7] }] });
  expect(one).toContain('>0</text>');
  expect(one).not.toMatch(/NaN|Infinity/);
});
