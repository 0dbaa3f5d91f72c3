import type { CensusHeader, Counts, EndpointCount, Population } from '@kubecensus/api';
import { toQualityText } from '@kubecensus/shared/census';
import { type Column, toTable } from './table.ts';

/** The counts as a table under one line that says what was counted, when and how much of it was looked at. */
export function toCountText(count: EndpointCount): string {
  const { of, unit, by, rows, totals } = count;
  const silences = Object.keys(totals.silent).sort((a, b) => (totals.silent[b] ?? 0) - (totals.silent[a] ?? 0));
  type Line = { key: Record<string, string | number | null>; counts: Counts; isTotal: boolean };
  const lines: Line[] = [
    ...rows.map((row) => ({ key: row.key, counts: row, isTotal: false })),
    { key: {}, counts: totals, isTotal: true },
  ];
  const number = (title: string, value: (counts: Counts) => number): Column<Line> => ({
    title,
    align: 'right',
    value: (line) => value(line.counts),
  });
  const columns: Column<Line>[] = [
    ...(by.length === 0
      ? [{ title: '', value: () => 'all' }]
      : by.map((dimension, at) => ({
          title: dimension,
          value: (line: Line) => (line.isTotal ? (at === 0 ? 'all' : '') : (line.key[dimension] ?? '-')),
        }))),
    number('present', (counts) => counts.present),
    number('exact SAN', (counts) => counts.exactSan),
    number('answering', (counts) => counts.answering),
    ...silences.map((silence) => number(`silent: ${silence}`, (counts) => counts.silent[silence] ?? 0)),
  ];
  return `${toHeadline(of)}, as ${unit}s\n${toQualityLine(of)}${toTable(lines, columns)}\n${toApartText(totals, unit)}`;
}

const NO_CLUSTER: Readonly<Record<string, string>> = {
  template: 'show what several clusters show (a cloned image, an authority of many)',
  'not-proved': 'did not prove that they hold the key of their certificate',
  replayed: 'show a certificate that is not theirs',
  'no-mark': 'show nothing that tells a cluster',
  'no-api-server': 'show what no API server in this census does',
};

/** What is in none of the counts, or in no cluster. */
function toApartText({ lookAlikes, mirrored, noCluster }: Counts, unit: EndpointCount['unit']): string {
  const untold = unit === 'cluster' ? Object.entries(noCluster) : [];
  const apart = [
    ...(mirrored > 0 ? [`Beside these: ${mirrored} mirrored, one server each on many addresses or ports.`] : []),
    ...(lookAlikes > 0 ? [`Beside these: ${lookAlikes} look-alikes, counted in none of them.`] : []),
    ...untold.map(([reason, count]) => `In no cluster: ${count} endpoints that ${NO_CLUSTER[reason] ?? reason}.`),
  ];
  return apart.map((line) => `${line}\n`).join('');
}

export function toHeadline(of: Population): string {
  if (of.kind === 'census') return toCensusText(of.census);
  return of.kind === 'scan' ? `Scan ${of.scanId}` : 'Current state (live)';
}

/** How well it was seen: a line of its own, with its end. */
export function toQualityLine(of: Population): string {
  if (of.kind === 'live') return 'Loss not measured: the looks of many scans\n';
  const text = toQualityText(of.kind === 'census' ? { ...of.census.quality, ...of.census } : of.quality);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}\n`;
}

function toCensusText(census: CensusHeader): string {
  const coverage = `${(census.coverage * 100).toFixed(2)} % of ${census.targetCount} targets`;
  const why = census.revision === 1 ? '' : ` (${census.revisionReason})`;
  const revision = `revision ${census.revision}${why}`;
  return `Census ${census.censusNumber} of series ${census.series}, ${revision}, as of ${census.asOf.toISOString().slice(0, 10)}, coverage ${coverage}`;
}
