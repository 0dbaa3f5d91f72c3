import { assertUnique, readTable } from './read-table.ts';
import { RELEASES_TSV } from './releases-table.ts';

/** One upstream minor. Days are YYYY-MM-DD; absent where not known. */
export interface Release {
  readonly minor: string;
  readonly releasedOn?: string;
  readonly maintenanceOn?: string;
  readonly endsOn?: string;
  /** '1.29.15' */
  readonly latestPatch?: string;
  readonly source: string;
  /** The day on which the row was compiled. */
  readonly asOf: string;
}

const COLUMNS = ['minor', 'released_on', 'maintenance_on', 'ends_on', 'latest_patch', 'source', 'as_of'];

/** By minor. @throws TableError */
export function parseReleases(text: string): ReadonlyMap<string, Release> {
  const rows = readTable('releases', text, COLUMNS);
  assertUnique(rows, (row) => row.minor('minor'));
  return new Map(
    rows.map((row): [string, Release] => {
      row.assertOrder('released_on', 'maintenance_on', 'ends_on');
      const latest = row.text('latest_patch');
      const minor = row.minor('minor');
      if (latest !== '' && !latest.startsWith(`${minor}.`)) row.fail(`"${latest}" is no patch of ${minor}`);
      return [
        minor,
        {
          minor,
          ...toOptional('releasedOn', row.day('released_on')),
          ...toOptional('maintenanceOn', row.day('maintenance_on')),
          ...toOptional('endsOn', row.day('ends_on')),
          ...toOptional('latestPatch', latest === '' ? undefined : row.version('latest_patch', latest)),
          source: row.required('source'),
          asOf: row.requiredDay('as_of'),
        },
      ];
    }),
  );
}

/** `{ [key]: value }`, or nothing where there is no value. */
export function toOptional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

let builtIn: ReadonlyMap<string, Release> | undefined;

/** The table that comes with this version; read at the first call. */
export function builtInReleases(): ReadonlyMap<string, Release> {
  builtIn ??= parseReleases(RELEASES_TSV);
  return builtIn;
}
