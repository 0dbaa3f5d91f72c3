import { toError } from '../errors/index.ts';
import { TableError } from '../kubernetes/index.ts';
import { cleanText } from '../text/index.ts';
import { COMPONENTS } from '../vocabulary/index.ts';
import type { OfficialFile } from './change-log.ts';
import type { OfficialRow } from './kubernetes-tables.ts';

/** In the order in which a text that names several is read: what is reached from outside first. */
const NAMED = ['kube-apiserver', 'kubelet', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'] as const;

/**
 * OSV documents (ossf.github.io/osv-schema): one, an array of them, or one a line. Advisories of parts that nobody can
 * look at from outside (kubectl, the CSI drivers, ingress controllers) are passed over.
 * @throws TableError
 */
export function readOsv(table: string, { text }: OfficialFile): OfficialRow[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const documents = parseDocuments(table, text);
  if (!documents.some(({ value }) => typeof fieldOf(value, 'id') === 'string')) {
    throw new TableError(table, 1, 'has no advisory with an "id": it is no OSV document');
  }
  const rows = documents.map(({ line, value }) => toRow(table, line, value)).filter((row) => row !== undefined);
  if (rows.length === 0) {
    throw new TableError(table, 1, `names none of ${NAMED.join(', ')} with the versions that are affected`);
  }
  return rows;
}

function parseDocuments(table: string, text: string): { line: number; value: unknown }[] {
  const lineOf = (id: unknown) => text.slice(0, Math.max(0, text.indexOf(JSON.stringify(id) ?? ''))).split('\n').length;
  try {
    const value: unknown = JSON.parse(text);
    const list = Array.isArray(value) ? value : [value];
    return list.map((one) => ({ line: lineOf(fieldOf(one, 'id')), value: one }));
  } catch (whole) {
    const lines = text.split('\n');
    return lines.flatMap((line, at) => {
      if (line.trim() === '') return [];
      try {
        return [{ line: at + 1, value: JSON.parse(line) as unknown }];
      } catch (caught) {
        const reason = toError(at === 0 ? whole : caught).message;
        throw new TableError(
          table,
          at === 0 ? lines.length : at + 1,
          `no JSON, or cut off (${cleanText(reason, 120)})`,
        );
      }
    });
  }
}

function toRow(table: string, line: number, value: unknown): OfficialRow | undefined {
  const id = [fieldOf(value, 'id'), ...listOf(fieldOf(value, 'aliases'))].find((one) =>
    /^CVE-\d{4}-\d+$/.test(String(one)),
  );
  if (typeof id !== 'string') return undefined;
  const summary = textOf(fieldOf(value, 'summary'));
  const affected = listOf(fieldOf(value, 'affected'));
  const component = toComponent(affected, summary, textOf(fieldOf(value, 'details')));
  const ranges = affected
    .flatMap((one) => listOf(fieldOf(one, 'ranges')))
    .flatMap((range) => toRanges(table, line, range));
  if (component === undefined || ranges.length === 0) return undefined;
  const cvss = [...listOf(fieldOf(value, 'severity')), ...affected.flatMap((one) => listOf(fieldOf(one, 'severity')))]
    .map((one) => textOf(fieldOf(one, 'score')))
    .find((score) => score.startsWith('CVSS:3'));
  const fixed = [...new Set(ranges.flatMap((range) => range.split('..')[1] || []))];
  return {
    line,
    fields: {
      id,
      component,
      affected: [...new Set(ranges)].join(' '),
      fixed: fixed.join(' '),
      severity: '',
      cvss: cvss ?? '',
      needs: '',
      title: cleanText(summary, 150),
    },
  };
}

function toComponent(affected: readonly unknown[], summary: string, details: string): string | undefined {
  const packages = affected.map((one) => textOf(fieldOf(fieldOf(one, 'package'), 'name'))).join(' ');
  for (const text of [packages, summary, details]) {
    const named = NAMED.find((name) => text.toLowerCase().includes(name));
    if (named !== undefined) return named;
  }
  return /kubernetes api server/i.test(`${summary} ${details}`) ? COMPONENTS[0] : undefined;
}

/** `from..fixed` of one range's events; half open where it was never fixed. */
function toRanges(table: string, line: number, range: unknown): string[] {
  const ranges: string[] = [];
  let from: string | undefined;
  for (const event of listOf(fieldOf(range, 'events'))) {
    const introduced = textOf(fieldOf(event, 'introduced'));
    const fixed = textOf(fieldOf(event, 'fixed'));
    if (introduced !== '') from = introduced === '0' ? '0.0.0' : toVersion(table, line, introduced);
    if (fixed !== '' && from !== undefined) {
      ranges.push(`${from}..${toVersion(table, line, fixed)}`);
      from = undefined;
    }
  }
  if (from !== undefined) ranges.push(`${from}..`);
  return ranges;
}

function toVersion(table: string, line: number, text: string): string {
  const version = /^v?(\d{1,3}\.\d{1,3}\.\d{1,4}(?:-[a-z]+\.\d+)?)$/.exec(text)?.[1];
  if (version === undefined) throw new TableError(table, line, `"${cleanText(text, 40)}" is no version such as 1.29.3`);
  return version;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
