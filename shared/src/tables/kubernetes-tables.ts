import { ADVISORIES_TSV } from '../kubernetes/advisories-table.ts';
import { GO_RELEASES_TSV } from '../kubernetes/go-releases-table.ts';
import {
  type KubernetesTables,
  parseAdvisories,
  parseGoReleases,
  parseReleases,
  parseSupportWindows,
  TableError,
} from '../kubernetes/index.ts';
import { RELEASES_TSV } from '../kubernetes/releases-table.ts';
import { SUPPORT_WINDOWS_TSV } from '../kubernetes/support-windows-table.ts';
import { type OfficialFile, readChangeLog } from './change-log.ts';
import { readEndOfLife } from './end-of-life.ts';
import { readOsv } from './osv.ts';

/** A table of facts about Kubernetes, kept as tab-separated text with a source and a day in each row. */
export interface KubernetesTable {
  readonly name: 'releases' | 'support-windows' | 'go-releases' | 'advisories';
  readonly title: string;
  /** What it is refreshed from, beside its own columns. */
  readonly official: string;
  readonly builtIn: string;
  /** Columns that name a row. */
  readonly key: readonly string[];
  /** @throws TableError */
  readonly parse: (text: string) => Partial<KubernetesTables>;
  /** Rows of an official file, each with the line that it was read from; undefined where it is none. */
  readonly read: (file: OfficialFile) => OfficialRow[] | undefined;
}

/** By column, as text. */
export interface OfficialRow {
  readonly line: number;
  readonly fields: Readonly<Record<string, string>>;
}

export const KUBERNETES_TABLES: readonly KubernetesTable[] = [
  {
    name: 'releases',
    title: "upstream's minors: release, maintenance, end of life, last patch",
    official: 'endoflife.date: api/kubernetes.json or api/v1/products/kubernetes',
    builtIn: RELEASES_TSV,
    key: ['minor'],
    parse: (text) => ({ releases: parseReleases(text) }),
    read: (file) => readEndOfLife('releases', file),
  },
  {
    name: 'support-windows',
    title: 'how long vendors support each minor',
    official:
      'endoflife.date: the JSON of amazon-eks, azure-kubernetes-service, google-kubernetes-engine, red-hat-openshift or alibaba-ack',
    builtIn: SUPPORT_WINDOWS_TSV,
    key: ['distribution', 'minor'],
    parse: (text) => ({ windows: parseSupportWindows(text) }),
    read: (file) => readEndOfLife('support-windows', file),
  },
  {
    name: 'go-releases',
    title: 'Go releases that upstream built each minor with',
    official: 'kubernetes/kubernetes: CHANGELOG/CHANGELOG-1.N.md',
    builtIn: GO_RELEASES_TSV,
    key: ['minor'],
    parse: (text) => ({ goReleases: parseGoReleases(text) }),
    read: (file) => readChangeLog('go-releases', file),
  },
  {
    name: 'advisories',
    title: 'published advisories with what they affect and what fixes them',
    official: 'OSV JSON, one advisory, an array or one a line (kubernetes-sigs/cve-feed-osv)',
    builtIn: ADVISORIES_TSV,
    key: ['id'],
    parse: (text) => ({ advisories: parseAdvisories(text) }),
    read: (file) => readOsv('advisories', file),
  },
];

/** A table as lines under a header, found by their key. */
export interface TableText {
  readonly columns: readonly string[];
  readonly rows: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

export function toTableText(text: string, key: readonly string[]): TableText {
  const [header = '', ...lines] = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const columns = header.split('\t');
  const rows = lines.map((line): [string, Record<string, string>] => {
    const values = line.split('\t');
    const fields = Object.fromEntries(columns.map((column, at) => [column, values[at] ?? '']));
    return [toKey(fields, key), fields];
  });
  return { columns, rows: new Map(rows) };
}

export function toKey(fields: Readonly<Record<string, string>>, key: readonly string[]): string {
  return key.map((column) => fields[column] ?? '').join(' ');
}

/** The newest day of any row. */
export function toNewestDay({ rows }: TableText): string {
  return (
    [...rows.values()]
      .map(({ as_of }) => as_of ?? '')
      .sort()
      .at(-1) ?? ''
  );
}

/**
 * The table in force with the rows of an official file in their place; what the file leaves empty stays.
 * @throws TableError where a row of the file knows less than the table in force
 */
export function mergeRows(
  { name, key }: KubernetesTable,
  inForce: string,
  rows: readonly OfficialRow[],
  about: { source: string; asOf: string },
): string {
  const { columns, rows: known } = toTableText(inForce, key);
  const merged = new Map(known);
  for (const { line, fields } of rows) {
    const id = toKey(fields, key);
    const before = known.get(id);
    if (before !== undefined) assertNotOlder(name, line, before, { ...fields, as_of: about.asOf });
    const told = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
    merged.set(id, { ...before, ...told, source: about.source, as_of: about.asOf });
  }
  const lines = [...merged.values()].map((fields) => columns.map((column) => fields[column] ?? '').join('\t'));
  return `${columns.join('\t')}\n${lines.join('\n')}\n`;
}

/**
 * A whole table in our own columns must know each row that the table in force knows, and none by an earlier day.
 * @throws TableError
 */
export function assertCovers({ name, key }: KubernetesTable, inForce: string, text: string): void {
  const { rows } = toTableText(text, key);
  const lines = new Map([...rows.keys()].map((id, at) => [id, at + 2]));
  for (const [id, before] of toTableText(inForce, key).rows) {
    const row = rows.get(id);
    if (row === undefined) {
      throw new TableError(
        name,
        rows.size + 1,
        `has no row of ${id}, which the table in force has: it is older, or cut off`,
      );
    }
    assertNotOlder(name, lines.get(id) ?? 1, before, row);
  }
}

function assertNotOlder(
  table: string,
  line: number,
  before: Readonly<Record<string, string>>,
  row: Readonly<Record<string, string>>,
): void {
  const [day = '', dayBefore = ''] = [row.as_of, before.as_of];
  if (day < dayBefore) {
    throw new TableError(table, line, `is of ${day}, and the row in force of ${dayBefore}: the file is older`);
  }
  const [patch = '', patchBefore = ''] = [row.latest_patch, before.latest_patch];
  if (patch !== '' && patchBefore !== '' && toPatch(patch) < toPatch(patchBefore)) {
    throw new TableError(
      table,
      line,
      `knows ${patch} as the last patch, and the row in force ${patchBefore}: the file is older`,
    );
  }
}

function toPatch(version: string): number {
  return Number(version.split('.')[2] ?? 0);
}
