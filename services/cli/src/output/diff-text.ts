import { toLossText } from '@kubecensus/shared/census';
import { DIFF_STATES, type Diff, type DiffRow, type PublishedCensusHeader } from '@kubecensus/shared/history';
import { toSafeText } from './safe-text.ts';
import { toTable } from './table.ts';

/** The states with their numbers, then the endpoints that are listed. */
export function toDiffText({ earlier, later, counts, clusters, rows, notMeasured }: Diff): string {
  const name = ({ censusNumber, revision, asOf, coverage, quality }: PublishedCensusHeader) =>
    `${censusNumber} (${asOf.slice(0, 10)}, revision ${revision}, coverage ${(coverage * 100).toFixed(2)} %, ${toLossText(quality)})`;
  const states = toTable(DIFF_STATES, [
    { title: 'state', value: (state) => state },
    { title: 'endpoints', value: (state) => counts[state], align: 'right' },
  ]);
  const list = toTable(rows, [
    { title: 'state', value: ({ state }) => state },
    { title: 'address', value: ({ address }) => address },
    { title: 'port', value: ({ port }) => port, align: 'right' },
    { title: 'component', value: ({ component }) => component },
    { title: 'distribution', value: ({ distributions }: DiffRow) => toChange(distributions) },
    { title: 'version', value: ({ versions }: DiffRow) => toChange(versions) },
  ]);
  const unmeasured =
    notMeasured.length === 0 ? '' : `Not measured yet, so nothing meets it: ${notMeasured.join(', ')}\n`;
  const head = `Series ${toSafeText(later.series)}, census ${name(earlier)} to ${name(later)}\n${unmeasured}`;
  const { stayed, came, went } = clusters;
  const folded = `Clusters: ${stayed} in both, ${came} in the later alone, ${went} in the earlier alone\n`;
  return `${head}${states}\n${folded}${rows.length === 0 ? '' : `\n${list}\n`}`;
}

function toChange([before, after]: readonly [string | null, string | null]): string {
  const [one, other] = [toSafeText(before ?? '-'), toSafeText(after ?? '-')];
  return one === other ? one : `${one} -> ${other}`;
}
