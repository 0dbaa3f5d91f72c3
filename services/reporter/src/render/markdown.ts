import { toQualityText } from '@kubecensus/shared/census';
import { toNumber, toSigned } from '../reports/biggest-changes.ts';
import type { Figure, WeeklyReport } from '../reports/weekly-report.ts';

/** The report as Markdown (GitHub's tables). */
export function toMarkdown(report: WeeklyReport): string {
  const { of, before, figures, sentences, states, ages } = report;
  const since = before === undefined ? 'the first census of its series' : `changes since ${before.asOf.slice(0, 10)}`;
  const lines = [
    `# Kubernetes control planes, ${escapeMarkdown(report.series)}, as of ${of.asOf.slice(0, 10)}`,
    '',
    `Census ${of.censusNumber}, revision ${of.revision}, ${since}. Coverage ${toPercent(of.coverage)} of ${toNumber(of.targetCount)} targets; ${toQualityText({ ...of.quality, ...of })}.`,
    '',
    ...sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`),
    ...(sentences.length > 0 ? [''] : []),
    ...toTable(
      ['', 'this week', 'change'],
      figures.map((figure) => [
        escapeMarkdown(figure.name),
        figure.value === null ? 'not measured' : toNumber(figure.value),
        toChange(figure),
      ]),
    ),
    ...toTable(['how well it was seen', 'this week', 'week before'], toShareRows(report)),
    ...(states === undefined
      ? []
      : ['## What became of endpoints', '', ...toTable(['state', 'endpoints'], toStateRows(states))]),
    '## Versions and their age',
    '',
    ...toTable(
      ['distribution', 'minor', 'endpoints', 'days past the end of support'],
      ages.map(({ distribution, minor, endpoints, daysPastEnd }) => [
        escapeMarkdown(distribution),
        escapeMarkdown(minor),
        toNumber(endpoints),
        daysPastEnd === null ? 'not known' : String(daysPastEnd),
      ]),
    ),
    toRestText(report),
    '',
    '## Method',
    '',
    ...toTable(
      ['setting', 'value'],
      toMethodRows(of.method).map((row) => row.map(escapeMarkdown)),
    ),
    `Not reached: ${toNumber(of.notReached)} known endpoints, which are not called gone.`,
    '',
    `${escapeMarkdown(report.attribution)} Licence: [${report.licence.title}](${report.licence.path}).`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What stands below the table of versions, so that its rows can be added up. */
export function toRestText({ agesRest: { versions, endpoints, total } }: WeeklyReport): string {
  const rest = versions === 0 ? '' : ` ${toNumber(versions)} further versions have ${toNumber(endpoints)} of them.`;
  return `${toNumber(total)} endpoints tell their minor version.${rest}`;
}

export function toPercent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

export function toShareRows({ shares }: WeeklyReport): string[][] {
  const toText = (share: number | null) => (share === null ? 'not measured' : toPercent(share));
  return shares.map(({ name, value, before }) => [name, toText(value), toText(before)]);
}

/** `+12 (+3.4 %)`; nothing where one of the two is not known. */
export function toChange({ value, before }: Figure): string {
  if (value === null || before === null) return '';
  const part =
    before === 0 || value === before
      ? ''
      : ` (${value > before ? '+' : ''}${(((value - before) / before) * 100).toFixed(1)} %)`;
  return `${toSigned(value - before)}${part}`;
}

/** What the method says, one setting a row; as it stands where it is no JSON object. */
export function toMethodRows(method: string): [string, string][] {
  try {
    const settings: unknown = JSON.parse(method);
    if (typeof settings === 'object' && settings !== null) {
      return Object.entries(settings).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]);
    }
  } catch (caught) {
    if (!(caught instanceof SyntaxError)) throw caught;
  }
  return [['method', method]];
}

export function toStateRows(states: Readonly<Record<string, number>>): [string, string][] {
  return Object.entries(states).map(([state, count]) => [state, toNumber(count)]);
}

function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, at) => (at === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line), ''];
}

/** Names are of our rules, but a series is named by people. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|]/g, (mark) => `\\${mark}`).replace(/\s+/g, ' ');
}
