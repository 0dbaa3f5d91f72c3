import { toQualityText } from '@kubecensus/shared/census';
import { toNumber, toSigned } from '../reports/biggest-changes.ts';
import type { WeeklyReport } from '../reports/weekly-report.ts';
import { escapeHtml } from './escape-html.ts';
import { toLineChart } from './line-chart.ts';
import { toPercent, toStateRows } from './markdown.ts';

const STYLE =
  'body{font:16px/1.5 sans-serif;max-width:760px;margin:2rem auto;padding:0 1rem;color:#111}table{border-collapse:collapse;margin:1rem 0}' +
  'td,th{padding:.2rem .8rem;border-bottom:1px solid #ddd;text-align:right}td:first-child,th:first-child{text-align:left}svg{width:100%;height:auto}';

/** The report as one file: no script, no font, no picture from anywhere else, so it is the same in a mail and in ten years. */
export function toHtml(report: WeeklyReport): string {
  const { of, before, figures, sentences, states, ages, charts } = report;
  const title = `Kubernetes control planes, ${report.series}, as of ${of.asOf.slice(0, 10)}`;
  const since = before === undefined ? 'the first census of its series' : `changes since ${before.asOf.slice(0, 10)}`;
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>Census ${of.censusNumber}, revision ${of.revision}, ${since}. Coverage ${toPercent(of.coverage)} of ${toNumber(of.targetCount)} targets; ${escapeHtml(toQualityText({ ...of.quality, ...of }))}.</p>`,
    `<ul>${sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>`,
    toTable(
      ['', 'this week', 'change'],
      figures.map(({ name, value, before: last }) => [
        name,
        value === null ? 'not measured' : toNumber(value),
        value === null || last === null ? '' : toSigned(value - last),
      ]),
    ),
    ...charts.map((chart) => `<h2>${escapeHtml(chart.title)}</h2>${toLineChart(chart)}`),
    ...(states === undefined
      ? []
      : ['<h2>What became of endpoints</h2>', toTable(['state', 'endpoints'], toStateRows(states))]),
    '<h2>Versions and their age</h2>',
    toTable(
      ['distribution', 'minor', 'endpoints', 'days past the end of support'],
      ages.map(({ distribution, minor, endpoints, daysPastEnd }) => [
        distribution,
        minor,
        toNumber(endpoints),
        daysPastEnd === null ? 'not known' : String(daysPastEnd),
      ]),
    ),
    `<h2>Method</h2><p>Method <code>${escapeHtml(of.method)}</code>. Not reached: ${toNumber(of.notReached)} known endpoints, which are not called gone.</p>`,
    `<p>${escapeHtml(report.attribution)} Licence: <a href="${escapeHtml(report.licence.path)}">${escapeHtml(report.licence.title)}</a>.</p>`,
  ];
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">` +
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>${parts.join('\n')}</body></html>\n`
  );
}

function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${line('th', head)}${rows.map((row) => line('td', row)).join('')}</table>`;
}
