import {
  type DiffState,
  diffHistory,
  type KeyValue,
  type Moment,
  type PublishedCensusHeader,
  type PublishedSeries,
  parseQuery,
  type ReferencePoint,
  type Trend,
  type TrendLine,
  toCensusOf,
  trendHistory,
  type Unit,
} from '@kubecensus/shared/history';
import { toBiggestChanges } from './biggest-changes.ts';
import { type AgeRest, type AgeRow, readAges } from './version-ages.ts';

/** One number of the week beside that of the week before. */
export interface Figure {
  name: string;
  /** Null: not measured. */
  value: number | null;
  before: number | null;
  unit?: Unit;
  /** The question that `count` answers with the same number; absent where it is none of a count. */
  query?: string;
}

/** The week as a model: every renderer shows these numbers, and none of its own. */
export interface WeeklyReport {
  series: string;
  of: PublishedCensusHeader;
  /** Absent in the first week. */
  before?: PublishedCensusHeader;
  figures: Figure[];
  /** How well the census saw, from 0 to 1, beside that of the week before. */
  shares: Figure[];
  /** The three biggest changes, as sentences. */
  sentences: string[];
  /** What became of endpoints since the week before; absent in the first week. */
  states?: Record<DiffState, number>;
  ages: AgeRow[];
  agesRest: AgeRest;
  charts: { title: string; days: string[]; lines: { name: string; counts: number[] }[] }[];
  censuses: PublishedCensusHeader[];
  references: readonly ReferencePoint[];
  licence: { name: string; title: string; path: string };
  attribution: string;
}

const FIGURES: readonly { name: string; query: string; unit: Unit }[] = [
  { name: 'hosts', query: '', unit: 'host' },
  { name: 'clusters', query: '', unit: 'cluster' },
  { name: 'endpoints', query: '', unit: 'endpoint' },
  { name: 'exact SAN', query: 'san.exact:yes', unit: 'endpoint' },
  { name: 'answering', query: 'answering:yes', unit: 'endpoint' },
  { name: 'silent', query: 'silence:*', unit: 'endpoint' },
  { name: 'past the end of support', query: 'eol:yes', unit: 'endpoint' },
  { name: 'mirrored, in none of the above', query: 'mirrored:yes', unit: 'endpoint' },
  { name: 'look-alikes, in none of the above', query: 'outcome:look-alike', unit: 'endpoint' },
];

/** What the biggest changes are looked for in; charts are drawn of the first ones that more is known of than nothing. */
const SPLITS = ['distribution', 'minor', 'support', 'exposure', 'country', 'provider'] as const;

/** Weeks that a chart goes back. */
const CHART_WEEKS = 53;

/**
 * The week of a census (the last one unless told), from the published history alone.
 * @throws {KubecensusError} QUERY_CENSUS_UNKNOWN
 */
export async function buildWeeklyReport(series: PublishedSeries, moment: Moment = {}): Promise<WeeklyReport> {
  const until = { to: moment };
  const ask = (text: string, unit: Unit, by: string[] = [], limit = 8) =>
    trendHistory(series, { query: parseQuery(text), unit, by, limit, ...until });
  const whole = await ask('', 'endpoint');
  const censuses = whole.censuses;
  const of = toCensusOf(censuses, moment);
  const before = censuses.at(-2);
  const figures: Figure[] = [];
  for (const { name, query, unit } of FIGURES) {
    const { total } = await ask(query, unit);
    const last = { value: total.at(-1) ?? 0, before: before === undefined ? null : (total.at(-2) ?? 0) };
    figures.push({ name, ...last, unit, query });
  }
  const silences = await ask('silence:*', 'endpoint', ['silence'], 20);
  for (const { key, counts } of silences.lines) {
    const silence = String(key.silence);
    const last = { value: counts.at(-1) ?? 0, before: before === undefined ? null : (counts.at(-2) ?? 0) };
    figures.push({ name: `silent: ${silence}`, ...last, unit: 'endpoint', query: `silence:${silence}` });
  }
  figures.push({ name: 'not reached', value: of.notReached, before: before?.notReached ?? null });
  const splits = await Promise.all(SPLITS.map(async (by) => ({ by, trend: await ask('', 'endpoint', [by], 10_000) })));
  const diff =
    before === undefined
      ? undefined
      : await diffHistory(series, {
          query: parseQuery(''),
          earlier: { census: before.censusNumber },
          later: { census: of.censusNumber },
          limit: 0,
        });
  const days = censuses.slice(-CHART_WEEKS).map(({ asOf }) => asOf.slice(0, 10));
  const hosts = await ask('', 'host');
  const clusters = await ask('', 'cluster');
  const answering = await ask('answering:yes', 'endpoint');
  return {
    series: series.manifest.series,
    of,
    ...(before !== undefined && { before }),
    figures,
    shares: toShares(of, before),
    sentences: before === undefined ? [] : toBiggestChanges(splits, 3),
    ...(diff !== undefined && { states: diff.counts }),
    ...(await readAges(series, of)),
    charts: [
      {
        title: 'Endpoints, hosts, clusters, and those that answer',
        days,
        lines: [
          { name: 'endpoints', counts: whole.total.slice(-CHART_WEEKS) },
          { name: 'hosts', counts: hosts.total.slice(-CHART_WEEKS) },
          { name: 'clusters', counts: clusters.total.slice(-CHART_WEEKS) },
          { name: 'answering', counts: answering.total.slice(-CHART_WEEKS) },
        ],
      },
      ...splits
        .filter(({ by, trend }) => isTold(trend, by))
        .map(({ by, trend }) => ({
          title: `Endpoints by ${by}`,
          days,
          lines: trend.lines
            .slice(0, 6)
            .map((line) => ({ name: toName(line, by), counts: line.counts.slice(-CHART_WEEKS) })),
        })),
    ],
    censuses: censuses.slice(-CHART_WEEKS),
    references: whole.references,
    licence: series.manifest.licence,
    attribution: series.manifest.attribution,
  };
}

function toShares(of: PublishedCensusHeader, before: PublishedCensusHeader | undefined): Figure[] {
  const shares: [string, (census: PublishedCensusHeader) => number | null][] = [
    ['coverage', ({ coverage }) => coverage],
    ['packets lost, at least', ({ quality }) => quality.packetsLost],
    ['answering targets missed, at least', ({ quality }) => quality.targetsLost],
    ['own endpoints recognised', ({ quality }) => quality.canaryRecall],
  ];
  return shares.map(([name, read]) => ({ name, value: read(of), before: before === undefined ? null : read(before) }));
}

/** A split of which nothing but "not told" is known draws nothing. */
function isTold({ lines }: Trend, by: string): boolean {
  return lines.some(({ key }) => key[by] !== null);
}

function toName({ key }: TrendLine, by: string): string {
  const value: KeyValue = key[by] ?? null;
  return value === null ? 'not told' : String(value);
}
