import { type Period, parsePeriod } from '@kubecensus/shared/dates';
import { KubecensusError } from '@kubecensus/shared/errors';
import { type Moment, parseQuery, type Query, type Unit } from '@kubecensus/shared/history';
import Type from 'typebox';
import { restrictTo, type Viewer } from '../access/viewer.ts';

/** Parameters that several routes have; the schema is what the server checks and what the description says. */
export const q = Type.Optional(
  Type.String({
    maxLength: 2000,
    description: 'query, such as distribution:eks version<1.30; all endpoints without it',
  }),
);
export const series = Type.Optional(
  Type.String({ maxLength: 200, description: 'name or number of a series; that of the last census without it' }),
);
export const asOf = Type.Optional(
  Type.String({
    pattern: '^\\d{4}[0-9T:.Z+-]{0,36}$',
    description: 'the last census on or before this day, month, year or instant (YYYY-MM-DD, YYYY-MM, YYYY, RFC 3339)',
  }),
);
export const census = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 9_999_999, description: 'the census of this number within its series' }),
);
/** Two censuses of one day have two numbers. */
export const moment = Type.String({
  pattern: '^(\\d{4}-[0-9T:.Z+-]{2,35}|[1-9]\\d{0,6})$',
  description: 'a day, a month or an instant (YYYY-MM-DD, YYYY-MM, RFC 3339), or the number of a census',
});
export const by = Type.Optional(
  Type.String({ maxLength: 200, description: 'up to three dimensions, with commas between them' }),
);
export const unit = Type.Optional(
  Type.String({ pattern: '^(endpoint|host|cluster)$', description: 'endpoint, host (distinct addresses) or cluster' }),
);
export const limit = (maximum: number) => Type.Optional(Type.Integer({ minimum: 1, maximum }));

/** The question as this viewer may ask it. */
export function toQuery(text: string | undefined, viewer: Viewer): Query {
  return restrictTo(viewer, parseQuery(text ?? ''));
}

export function toNames(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split(',').map((name) => name.trim());
}

export function toUnit(text: string | undefined): Unit {
  return (text ?? 'endpoint') as Unit;
}

/** @param toInstant of a day: its first or its last */
export function toMoment(text: string, toInstant = toLastInstant): Moment {
  return text.includes('-') ? { asOf: toInstant(text) } : { census: Number(text) };
}

/** @throws {KubecensusError} API_REQUEST_INVALID */
export function toLastInstant(text: string): Date {
  return toPeriod(text).last;
}

/** @throws {KubecensusError} API_REQUEST_INVALID */
export function toFirstInstant(text: string): Date {
  return toPeriod(text).first;
}

function toPeriod(text: string): Period {
  const period = parsePeriod(text);
  if (period !== undefined) return period;
  throw new KubecensusError(
    'API_REQUEST_INVALID',
    `${text} is no date; write a day of the calendar as YYYY-MM-DD, a month as YYYY-MM, or an instant as RFC 3339 does`,
  );
}
