import { toLossText } from '@kubecensus/shared/census';
import type { CountCell, CrossTab } from '@kubecensus/shared/history';
import { toSafeText } from './safe-text.ts';
import { type Column, toTable } from './table.ts';

/** A cross-tab, the largest cell first; what is not told apart, where there is any, and the total stand below. */
export function toCrossTabText({ of, unit, by, cells, other, total, notMeasured }: CrossTab): string {
  type Line = Pick<CountCell, 'count'> & { names: string[] };
  const lines: Line[] = [
    ...(by.length === 0
      ? []
      : cells.map(({ key, count }) => ({ count, names: by.map((field) => toSafeText(String(key[field] ?? '-'))) }))),
    ...(other.cells === 0 ? [] : [{ names: [`other (${other.cells})`], count: other.count }]),
    { names: ['all'], count: total },
  ];
  const columns: Column<Line>[] = [
    ...(by.length === 0 ? [''] : by).map(
      (title, at): Column<Line> => ({ title, value: ({ names }) => names[at] ?? '' }),
    ),
    { title: `${unit}s`, align: 'right', value: ({ count }) => count },
  ];
  const unmeasured =
    notMeasured.length === 0 ? '' : `Not measured yet, so nothing meets it: ${notMeasured.join(', ')}\n`;
  const coverage = `coverage ${(of.coverage * 100).toFixed(2)} %`;
  const census = `census ${of.censusNumber} (${of.asOf.slice(0, 10)}), revision ${of.revision}`;
  return `Series ${toSafeText(of.series)}, ${census}, ${coverage}, ${toLossText(of.quality)}\n${unmeasured}${toTable(lines, columns)}\n`;
}
