import { type Figure, isWithin } from './define-bench.ts';

/** One line for a person. */
export function figureText(figure: Figure): string {
  const parts = [`${figure.name.padEnd(36)} ${short(figure.value)} ${figure.unit}`];
  if (figure.reference) parts.push(`${figure.reference.name} ${short(figure.reference.value)}`);
  if (figure.ratio !== undefined) parts.push(`ratio ${figure.ratio.toFixed(2)}`);
  parts.push(`${figure.runs.length} run${figure.runs.length === 1 ? '' : 's'}`);
  const within = isWithin(figure);
  if (within !== undefined) parts.push(`${limitText(figure)}: ${within ? 'holds' : 'NOT REACHED'}`);
  if (figure.note !== undefined) parts.push(figure.note);
  return parts.join('; ');
}

function limitText({ limit, unit }: Figure): string {
  const bounds = [
    ...(limit?.atMost === undefined ? [] : [`at most ${short(limit.atMost)}`]),
    ...(limit?.atLeast === undefined ? [] : [`at least ${short(limit.atLeast)}`]),
  ].join(' and ');
  return limit?.of === 'ratio' ? `ratio ${bounds}` : `${bounds} ${unit}`;
}

function short(value: number): string {
  return value.toLocaleString('en', {
    maximumSignificantDigits: Math.abs(value) >= 1000 ? 15 : 3,
    maximumFractionDigits: 0,
  });
}
