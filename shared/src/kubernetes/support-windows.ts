import { assertUnique, readTable } from './read-table.ts';
import { toOptional } from './releases.ts';
import { SUPPORT_WINDOWS_TSV } from './support-windows-table.ts';

/** How long one vendor supports one minor. */
export interface SupportWindow {
  readonly distribution: string;
  readonly minor: string;
  /** The vendor's own number where it counts apart: OpenShift 4.16. */
  readonly product?: string;
  readonly releasedOn: string;
  /** End of full support, where the vendor has two steps. */
  readonly maintenanceOn?: string;
  readonly endsOn: string;
  /** End of the support that is sold beyond. */
  readonly extendedUntil?: string;
  readonly source: string;
  readonly asOf: string;
}

const COLUMNS = [
  'distribution',
  'minor',
  'product',
  'released_on',
  'maintenance_on',
  'ends_on',
  'extended_until',
  'source',
  'as_of',
];

/** By `distribution minor`. @throws TableError */
export function parseSupportWindows(text: string): ReadonlyMap<string, SupportWindow> {
  const rows = readTable('support windows', text, COLUMNS);
  assertUnique(rows, (row) => toWindowKey(row.required('distribution'), row.minor('minor')));
  return new Map(
    rows.map((row): [string, SupportWindow] => {
      row.assertOrder('released_on', 'maintenance_on', 'ends_on', 'extended_until');
      const window: SupportWindow = {
        distribution: row.required('distribution'),
        minor: row.minor('minor'),
        ...toOptional('product', row.text('product') || undefined),
        releasedOn: row.requiredDay('released_on'),
        ...toOptional('maintenanceOn', row.day('maintenance_on')),
        endsOn: row.requiredDay('ends_on'),
        ...toOptional('extendedUntil', row.day('extended_until')),
        source: row.required('source'),
        asOf: row.requiredDay('as_of'),
      };
      return [toWindowKey(window.distribution, window.minor), window];
    }),
  );
}

export function toWindowKey(distribution: string, minor: string): string {
  return `${distribution} ${minor}`;
}

let builtIn: ReadonlyMap<string, SupportWindow> | undefined;

/** The table that comes with this version; read at the first call. */
export function builtInSupportWindows(): ReadonlyMap<string, SupportWindow> {
  builtIn ??= parseSupportWindows(SUPPORT_WINDOWS_TSV);
  return builtIn;
}
