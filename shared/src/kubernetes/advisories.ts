import { COMPONENTS, type Component } from '../vocabulary/component.ts';
import { ADVISORIES_TSV } from './advisories-table.ts';
import { assertUnique, readTable, type TableRow } from './read-table.ts';
import { toOptional } from './releases.ts';
import { compareVersions, type KubernetesVersion, parseVersion } from './version.ts';

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** From its first pre-release on, up to and without the version that fixes it; without an end it was never fixed. */
export interface AffectedRange {
  readonly from: KubernetesVersion;
  readonly fixedIn?: KubernetesVersion;
}

/** kube-proxy has two ports and one advisory list. */
export type AdvisoryComponent = Component | 'kube-proxy';

export interface Advisory {
  readonly id: string;
  readonly component: AdvisoryComponent;
  readonly affected: readonly AffectedRange[];
  /** Versions with the fix, as '1.29.4'; empty where there is none. */
  readonly fixedIn: readonly string[];
  /** Absent where none was published or captured. */
  readonly severity?: Severity;
  /** CVSS vector; absent where none was published or captured. */
  readonly cvss?: string;
  /** What must be so beside the version, for people. */
  readonly needs?: string;
  readonly title?: string;
  readonly source: string;
  readonly asOf: string;
}

const COLUMNS = ['id', 'component', 'affected', 'fixed', 'severity', 'cvss', 'needs', 'title', 'source', 'as_of'];
const KNOWN_COMPONENTS: ReadonlySet<string> = new Set([...COMPONENTS, 'kube-proxy']);

/** In the order of the table. @throws TableError */
export function parseAdvisories(text: string): readonly Advisory[] {
  const rows = readTable('advisories', text, COLUMNS);
  assertUnique(rows, (row) => row.required('id'));
  return rows.map((row) => ({
    id: row.required('id'),
    component: toComponent(row),
    affected: row
      .required('affected')
      .split(' ')
      .map((range) => toRange(row, range)),
    fixedIn: row
      .text('fixed')
      .split(' ')
      .filter((version) => version !== '')
      .map((version) => row.version('fixed', version)),
    ...toOptional('severity', toSeverity(row)),
    ...toOptional('cvss', row.text('cvss') || undefined),
    ...toOptional('needs', row.text('needs') || undefined),
    ...toOptional('title', row.text('title') || undefined),
    source: row.required('source'),
    asOf: row.requiredDay('as_of'),
  }));
}

function toComponent(row: TableRow): AdvisoryComponent {
  const name = row.required('component');
  return KNOWN_COMPONENTS.has(name) ? (name as AdvisoryComponent) : row.fail(`"${name}" is no component`);
}

function toSeverity(row: TableRow): Severity | undefined {
  const name = row.text('severity');
  if (name === '') return undefined;
  return SEVERITIES.find((severity) => severity === name) ?? row.fail(`"${name}" is no severity`);
}

function toRange(row: TableRow, text: string): AffectedRange {
  const [from, to, ...rest] = text.split('..');
  const start = parseVersion(`v${from}`);
  const end = to === undefined || to === '' ? undefined : parseVersion(`v${to}`);
  if (start === undefined || to === undefined || rest.length > 0 || (to !== '' && end === undefined)) {
    return row.fail(`"${text}" is no range such as 1.29.0..1.29.4`);
  }
  if (end !== undefined && compareVersions(start, end) >= 0) row.fail(`range "${text}" ends before it begins`);
  return { from: start, ...toOptional('fixedIn', end) };
}

let builtIn: readonly Advisory[] | undefined;

/** The table that comes with this version; read at the first call. */
export function builtInAdvisories(): readonly Advisory[] {
  builtIn ??= parseAdvisories(ADVISORIES_TSV);
  return builtIn;
}
