import { toNumber } from '../reports/biggest-changes.ts';
import { escapeHtml } from './escape-html.ts';

export interface ChartData {
  title: string;
  days: readonly string[];
  lines: readonly { name: string; counts: readonly number[] }[];
}

const WIDTH = 720;
const HEIGHT = 260;
const LEFT = 70;
const BOTTOM = 30;
const TOP = 12;
const RIGHT = 150;
/** Told apart by people with any colour sight (Okabe and Ito, 2008); the names stand at the lines' ends as well. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

/** Lines over time as SVG that needs nothing else. The axis begins at zero: a change looks as large as it is. */
export function toLineChart({ title, days, lines }: ChartData): string {
  const top = Math.max(1, ...lines.flatMap(({ counts }) => counts));
  const step = toStep(top);
  const ceiling = Math.ceil(top / step) * step;
  // One census alone stands at the right, where its name is.
  const x = (at: number) =>
    days.length < 2 ? WIDTH - RIGHT : LEFT + ((WIDTH - LEFT - RIGHT) * at) / Math.max(1, days.length - 1);
  const y = (count: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - count / ceiling);
  const ticks = Array.from({ length: Math.round(ceiling / step) + 1 }, (_, at) => at * step);
  const grid = ticks.map(
    (tick) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(tick))}" y2="${round(y(tick))}" class="grid"/>` +
      `<text x="${LEFT - 6}" y="${round(y(tick) + 4)}" text-anchor="end">${toNumber(tick)}</text>`,
  );
  const ends = spread(lines.map(({ counts }) => y(counts.at(-1) ?? 0)));
  const drawn = lines.map(({ name, counts }, at) => {
    const colour = COLOURS[at % COLOURS.length] ?? '#000';
    const points = counts.map((count, index) => `${round(x(index))},${round(y(count))}`).join(' ');
    const label = `<text x="${WIDTH - RIGHT + 8}" y="${round((ends[at] ?? 0) + 4)}" style="fill:${colour}">${escapeHtml(name)}</text>`;
    const dot = `<circle cx="${WIDTH - RIGHT}" cy="${round(y(counts.at(-1) ?? 0))}" r="3" fill="${colour}"/>`;
    return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>${dot}${label}`;
  });
  const [first = '', last = ''] = [days[0], days.at(-1)];
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}" font-family="sans-serif" font-size="12">` +
    `${grid.join('')}<text x="${LEFT}" y="${HEIGHT - 8}">${escapeHtml(first)}</text>` +
    `<text x="${WIDTH - RIGHT}" y="${HEIGHT - 8}" text-anchor="end">${escapeHtml(last)}</text>${drawn.join('')}</svg>`
  );
}

/** 1, 2 or 5 times a power of ten, for about four ticks. */
function toStep(top: number): number {
  const power = 10 ** Math.floor(Math.log10(top / 4 || 1));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => top / one <= 5) ?? top;
  return Math.max(1, step);
}

/** Labels that would lie on one another move apart. */
function spread(places: readonly number[]): number[] {
  const order = places.map((place, at) => ({ place, at })).sort((a, b) => a.place - b.place);
  const moved = [...places];
  let free = Number.NEGATIVE_INFINITY;
  for (const { place, at } of order) {
    free = Math.max(place, free + 14);
    moved[at] = free;
  }
  return moved;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
