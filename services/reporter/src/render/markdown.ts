import { toQualityText } from '@kubecensus/shared/census';
import { toNumber, toSigned } from '../reports/biggest-changes.ts';
import type { WeeklyReport } from '../reports/weekly-report.ts';

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
      figures.map(({ name, value, before: last }) => [
        escapeMarkdown(name),
        value === null ? 'not measured' : toNumber(value),
        value === null || last === null ? '' : toSigned(value - last),
      ]),
    ),
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
    '## Method',
    '',
    `Method \`${of.method.replaceAll('`', "'")}\`. Not reached: ${toNumber(of.notReached)} known endpoints, which are not called gone.`,
    '',
    `${escapeMarkdown(report.attribution)} Licence: [${report.licence.title}](${report.licence.path}).`,
  ];
  return `${lines.join('\n')}\n`;
}

export function toPercent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
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
