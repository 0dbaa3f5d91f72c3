import Table from 'cli-table3';

export type Column<Row> = { title: string; value: (row: Row) => string | number; align?: 'left' | 'right' };

/** Rows as aligned text columns without rules: to be read by people and cut by awk. */
export function toTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const none = '';
  const table = new Table({
    head: columns.map((column) => column.title),
    colAligns: columns.map((column) => column.align ?? 'left'),
    chars: {
      top: none, 'top-mid': none, 'top-left': none, 'top-right': none,
      bottom: none, 'bottom-mid': none, 'bottom-left': none, 'bottom-right': none,
      left: none, 'left-mid': none, mid: none, 'mid-mid': none, right: none, 'right-mid': none, middle: '  ',
    }, // biome-ignore format: one block of sides
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  for (const row of rows) table.push(columns.map((column) => String(column.value(row))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
