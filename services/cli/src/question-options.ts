import { type Period, parsePeriod } from '@kubecensus/shared/dates';
import type { Moment, Unit } from '@kubecensus/shared/history';
import { InvalidArgumentError } from 'commander';

/** `a, b` -> ['a', 'b'] */
export function toNames(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

export function toUnit(text: string): Unit {
  if (text === 'endpoint' || text === 'host' || text === 'cluster') return text;
  throw new InvalidArgumentError('give endpoint, host or cluster.');
}

/** A date means its whole day, month or year: a census of that day is on it. */
export function toLastInstant(text: string): Date {
  return toPeriod(text).last;
}

/** The begin of a day, a month or a year, or the instant that was given. */
export function toFirstInstant(text: string): Date {
  return toPeriod(text).first;
}

/** Number of a census within its series. */
const NUMBER = /^[1-9]\d{0,6}$/;

/** A census by its number, or the last one on or before a date: two censuses of one day have two numbers. */
export function toMoment(text: string): Moment {
  return NUMBER.test(text) ? { census: Number(text) } : { asOf: toLastInstant(text) };
}

/** The same, with the begin of the day. */
export function toFirstMoment(text: string): Moment {
  return NUMBER.test(text) ? { census: Number(text) } : { asOf: toFirstInstant(text) };
}

function toPeriod(text: string): Period {
  const period = parsePeriod(text);
  if (period !== undefined) return period;
  throw new InvalidArgumentError(
    'give a day of the calendar such as 2026-11-01, a month, a year or an instant such as 2026-11-01T12:00Z, or the number of a census where one is taken.',
  );
}

/** Several words of a command line are one query. */
export function joinQuery(words: readonly string[]): string {
  return words.join(' ');
}
