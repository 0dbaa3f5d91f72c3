import { toQualityText } from '@kubecensus/shared/census';
import { toNumber } from '../reports/biggest-changes.ts';
import type { Figure, WeeklyReport } from '../reports/weekly-report.ts';
import { escapeHtml } from './escape-html.ts';
import { toLineChart } from './line-chart.ts';
import { toChange, toMethodRows, toPercent, toRestText, toShareRows, toStateRows } from './markdown.ts';
import { STYLE } from './style.ts';

/** Told large, at the top. */
const HEADLINES: readonly string[] = ['clusters', 'hosts', 'endpoints', 'answering', 'past the end of support'];

/** The report as one file: no script, no font, no picture from anywhere else, so it is the same in a mail and in ten years. */
export function toHtml(report: WeeklyReport): string {
  const { of, before, figures, sentences, states, ages, charts } = report;
  const day = of.asOf.slice(0, 10);
  const title = `Kubernetes control planes, ${report.series}, as of ${day}`;
  const since = before === undefined ? 'the first census of its series' : `changes since ${before.asOf.slice(0, 10)}`;
  const seen = `Coverage ${toPercent(of.coverage)} of ${toNumber(of.targetCount)} targets; ${toQualityText({ ...of.quality, ...of })}.`;
  const parts = [
    `<h1>Kubernetes control planes that anyone can reach</h1>`,
    `<p class="sub">${escapeHtml(report.series)}, as of ${day}: census ${of.censusNumber}, revision ${of.revision}, ${since}. ${escapeHtml(seen)}</p>`,
    toCards(figures),
    sentences.length === 0
      ? ''
      : `<ul class="lead">${sentences.map((one) => `<li>${escapeHtml(one)}</li>`).join('')}</ul>`,
    '<h2>The numbers</h2>',
    toFigureTable(figures),
    '<h2>How well it was seen</h2>',
    toTable(['', 'this week', 'week before'], toShareRows(report)),
    ...charts.map((chart) => `<h2>${escapeHtml(chart.title)}</h2>${toLineChart(chart)}`),
    ...(states === undefined
      ? []
      : ['<h2>What became of endpoints</h2>', toTable(['state', 'endpoints'], toStateRows(states))]),
    '<h2>Versions and their age</h2>',
    toAgeTable(ages),
    `<p>${escapeHtml(toRestText(report))}</p>`,
    '<h2>What others counted</h2>',
    toTable(
      ['when', 'count', 'what'],
      report.references.map(({ on, count, what }) => [on, toNumber(count), what]),
    ),
    '<h2>Method</h2>',
    toTable(['setting', 'value'], toMethodRows(of.method)),
    `<p>Not reached: ${toNumber(of.notReached)} known endpoints, which are not called gone. A figure's question is the one that <code>kubecensus</code> answers with the same number.</p>`,
    `<footer>${escapeHtml(report.attribution)} Licence: <a href="${escapeHtml(report.licence.path)}">${escapeHtml(report.licence.title)}</a>.</footer>`,
  ];
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">` +
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>${parts.join('\n')}</body></html>\n`
  );
}

function toCards(figures: readonly Figure[]): string {
  const cards = HEADLINES.flatMap((name) => {
    const figure = figures.find((one) => one.name === name);
    if (figure === undefined || figure.value === null) return [];
    const change = toChange(figure);
    return [
      `<div class="card"><b>${toNumber(figure.value)}</b><span>${escapeHtml(name)}</span><br><span class="${toDirection(figure)}">${escapeHtml(change === '' ? 'first census' : change)}</span></div>`,
    ];
  });
  return `<div class="cards">${cards.join('')}</div>`;
}

function toFigureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { name, value, unit, query } = figure;
    const question = query === undefined ? '' : `count ${unit}s${query === '' ? '' : ` ${query}`}`;
    return (
      `<tr><td>${escapeHtml(name)}</td><td>${value === null ? 'not measured' : toNumber(value)}</td>` +
      `<td class="${toDirection(figure)}">${escapeHtml(toChange(figure))}</td><td class="text"><code>${escapeHtml(question)}</code></td></tr>`
    );
  });
  return `<table><tr><th></th><th>this week</th><th>change</th><th class="text">question</th></tr>${rows.join('')}</table>`;
}

function toDirection({ value, before }: Figure): string {
  if (value === null || before === null || value === before) return '';
  return value > before ? 'up' : 'down';
}

function toAgeTable(ages: WeeklyReport['ages']): string {
  const rows = ages.map(({ distribution, minor, endpoints, daysPastEnd }) => {
    const isPast = daysPastEnd !== null && daysPastEnd > 0;
    const days =
      daysPastEnd === null ? 'not known' : isPast ? toNumber(daysPastEnd) : `${toNumber(-daysPastEnd)} to go`;
    return `<tr><td>${escapeHtml(distribution)}</td><td>${escapeHtml(minor)}</td><td>${toNumber(endpoints)}</td><td${isPast ? ' class="past"' : ''}>${days}</td></tr>`;
  });
  const head = ['distribution', 'minor', 'endpoints', 'days past the end of support'];
  return `<table><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr>${rows.join('')}</table>`;
}

function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${line('th', head)}${rows.map((row) => line('td', row)).join('')}</table>`;
}
