/** From its first millisecond to its last; both are the same of an instant. */
export interface Period {
  first: Date;
  last: Date;
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * A date as people write it: `2026`, `2026-03`, `2026-03-01` (all of it, in UTC), or an instant with its offset
 * (RFC 3339, `2026-03-01T12:00Z`). Undefined of anything else, and of days that no calendar has.
 */
export function parsePeriod(text: string): Period | undefined {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year !== undefined) return toWhole(year, month, day);
  const [, date, minute, second, offset] = INSTANT.exec(text) ?? [];
  // The platform's own reader takes 31 February for 3 March.
  if (date === undefined || parsePeriod(date) === undefined) return undefined;
  const instant = new Date(`${date}T${minute}${second ?? ':00'}${offset}`);
  return Number.isNaN(instant.getTime()) ? undefined : { first: instant, last: instant };
}

function toWhole(year: string, month: string | undefined, day: string | undefined): Period | undefined {
  const written = `${year}-${month ?? '01'}-${day ?? '01'}`;
  const first = new Date(`${written}T00:00:00.000Z`);
  if (year === '0000' || Number.isNaN(first.getTime()) || first.toISOString().slice(0, 10) !== written)
    return undefined;
  const next = new Date(first);
  if (day !== undefined) next.setUTCDate(next.getUTCDate() + 1);
  else if (month !== undefined) next.setUTCMonth(next.getUTCMonth() + 1);
  else next.setUTCFullYear(next.getUTCFullYear() + 1);
  return { first, last: new Date(next.getTime() - 1) };
}
