import { toLossText } from '@kubecensus/shared/census';
import type { PublishedCensusHeader, Trend } from '@kubecensus/shared/history';
import { toSafeText } from './safe-text.ts';
import { type Column, toTable } from './table.ts';

/** One line for each census, one column for each line of the trend; coverage and changes of method stand beside. */
export function toTrendText(trend: Trend): string {
  const { censuses, lines, other, total, unit, by, notMeasured } = trend;
  const first = censuses[0];
  if (first === undefined) return 'no census in that stretch\n';
  type Line = { census: PublishedCensusHeader; at: number };
  const rows: Line[] = censuses.map((census, at) => ({ census, at }));
  const columns: Column<Line>[] = [
    { title: 'as of', value: ({ census }) => census.asOf.slice(0, 10) },
    { title: 'census', align: 'right', value: ({ census }) => census.censusNumber },
    ...lines.map(
      ({ key, counts }): Column<Line> => ({
        title: toSafeText(
          Object.values(key)
            .map((value) => value ?? '-')
            .join(' '),
        ),
        align: 'right',
        value: ({ at }) => counts[at] ?? 0,
      }),
    ),
    ...(other.lines > 0
      ? [
          {
            title: `other (${other.lines})`,
            align: 'right',
            value: ({ at }) => other.counts[at] ?? 0,
          } satisfies Column<Line>,
        ]
      : []),
    { title: 'all', align: 'right', value: ({ at }) => total[at] ?? 0 },
    { title: 'revision', align: 'right', value: ({ census }) => census.revision },
    { title: 'coverage', align: 'right', value: ({ census }) => `${(census.coverage * 100).toFixed(2)} %` },
    { title: 'loss', value: ({ census }) => toLossText(census.quality).replace(/^loss /, '') },
    { title: 'not reached', align: 'right', value: ({ census }) => census.notReached },
    { title: '', value: ({ at }) => toMark(censuses, at) },
  ];
  const split = by.length === 0 ? '' : ` by ${by.join(', ')}`;
  const unmeasured =
    notMeasured.length === 0 ? '' : `Not measured yet, so nothing meets it: ${notMeasured.join(', ')}\n`;
  return `Series ${toSafeText(first.series)}, publication ${first.publication}, ${unit}s${split}\n${unmeasured}${toTable(rows, columns)}\n`;
}

/** What makes a census another one than those before it, beside the world. */
function toMark(censuses: readonly PublishedCensusHeader[], at: number): string {
  const [census, before] = [censuses[at], censuses[at - 1]];
  const marks: string[] = [];
  if (census !== undefined && before !== undefined && census.method !== before.method) marks.push('other method');
  if (census !== undefined && !census.callsGone) marks.push(`nothing called gone: canary recall too low`);
  if (census !== undefined && census.revision > 1) marks.push(census.revisionReason);
  return marks.join(', ');
}
