import { toError } from '../errors/index.ts';
import { TableError } from '../kubernetes/index.ts';
import type { OfficialFile } from './change-log.ts';
import type { OfficialRow } from './kubernetes-tables.ts';

/** Products of endoflife.date by the distribution whose windows they are. */
const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  'amazon-eks': 'eks',
  'azure-kubernetes-service': 'aks',
  'google-kubernetes-engine': 'gke',
  'red-hat-openshift': 'openshift',
  'alibaba-ack': 'ack',
};

/** One cycle, in the words of either version of the API. */
interface Cycle {
  readonly name: string;
  readonly released: unknown;
  readonly activeUntil: unknown;
  readonly endsOn: unknown;
  readonly extendedUntil: unknown;
  readonly latest: unknown;
}

/** endoflife.date, api/<product>.json (an array) or api/v1/products/<product> (an object). @throws TableError */
export function readEndOfLife(
  table: 'releases' | 'support-windows',
  { name, text, product: said }: OfficialFile,
): OfficialRow[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (caught) {
    throw new TableError(table, text.split('\n').length, `no JSON, or cut off (${toError(caught).message})`);
  }
  const lineOf = (cycle: string) => {
    const at = text.indexOf(JSON.stringify(cycle));
    return at < 0 ? 1 : text.slice(0, at).split('\n').length;
  };
  const result = fieldOf(document, 'result');
  const product = said ?? (textOf(fieldOf(result, 'name')) || name.replace(/\.json$/, ''));
  const cycles = Array.isArray(document) ? document.map(toCycle) : listOf(fieldOf(result, 'releases')).map(toCycleOfV1);
  if (cycles.length === 0) throw new TableError(table, 1, 'has no cycles: it is no file of endoflife.date');
  if (table === 'releases') {
    if (product !== 'kubernetes') throw new TableError(table, 1, `is of the product "${product}", not of kubernetes`);
    return cycles.map((cycle) => toRelease(table, lineOf(cycle.name), cycle));
  }
  const distribution = DISTRIBUTIONS[product];
  if (distribution === undefined) {
    const known = Object.keys(DISTRIBUTIONS).join(', ');
    throw new TableError(table, 1, `is of the product "${product}"; name it with --product: ${known}`);
  }
  const rows = cycles.map((cycle) => toWindow(table, lineOf(cycle.name), cycle, distribution));
  return rows.filter((row) => row !== undefined);
}

function toRelease(table: string, line: number, cycle: Cycle): OfficialRow {
  const day = (value: unknown, column: string) => toDay(table, line, value, column);
  return {
    line,
    fields: {
      minor: cycle.name,
      released_on: day(cycle.released, 'releaseDate'),
      maintenance_on: day(cycle.activeUntil, 'support'),
      ends_on: day(cycle.endsOn, 'eol'),
      latest_patch: textOf(cycle.latest),
    },
  };
}

/** Windows without an end are left out: what is not said is not known. */
function toWindow(table: string, line: number, cycle: Cycle, distribution: string): OfficialRow | undefined {
  const day = (value: unknown, column: string) => toDay(table, line, value, column);
  const endsOn = day(cycle.endsOn, 'eol');
  const minor = distribution === 'openshift' ? toKubernetesMinor(cycle.name) : /^1\.\d+/.exec(cycle.name)?.[0];
  if (endsOn === '' || minor === undefined) return undefined;
  return {
    line,
    fields: {
      distribution,
      minor,
      product: distribution === 'openshift' ? cycle.name : '',
      released_on: day(cycle.released, 'releaseDate'),
      maintenance_on: day(cycle.activeUntil, 'support'),
      ends_on: endsOn,
      extended_until: day(cycle.extendedUntil, 'extendedSupport'),
    },
  };
}

/** OpenShift 4.N is built on Kubernetes 1.(N + 13), from 4.3 on (access.redhat.com/solutions/4870701). */
function toKubernetesMinor(product: string): string | undefined {
  const minor = Number(/^4\.(\d{1,3})$/.exec(product)?.[1]);
  return minor >= 3 ? `1.${minor + 13}` : undefined;
}

function toCycle(value: unknown): Cycle {
  return {
    name: textOf(fieldOf(value, 'cycle')),
    released: fieldOf(value, 'releaseDate'),
    activeUntil: fieldOf(value, 'support'),
    endsOn: fieldOf(value, 'eol'),
    extendedUntil: fieldOf(value, 'extendedSupport'),
    latest: fieldOf(value, 'latest'),
  };
}

function toCycleOfV1(value: unknown): Cycle {
  return {
    name: textOf(fieldOf(value, 'name')),
    released: fieldOf(value, 'releaseDate'),
    activeUntil: fieldOf(value, 'eoasFrom'),
    endsOn: fieldOf(value, 'eolFrom'),
    extendedUntil: fieldOf(value, 'eoesFrom'),
    latest: fieldOf(fieldOf(value, 'latest'), 'name'),
  };
}

/** A day; '' where the file says none, or that there is one (`true`) or none (`false`) without naming it. */
function toDay(table: string, line: number, value: unknown, column: string): string {
  if (value === undefined || value === null || typeof value === 'boolean') return '';
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
  throw new TableError(table, line, `"${column}" is ${JSON.stringify(value).slice(0, 60)}, not a day`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).replace(/\s+/g, ' ') : '';
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
