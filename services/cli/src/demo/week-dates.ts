const WEEK_MS = 7 * 24 * 3_600_000;

/** Dates of the demo's censuses: week 1 first, the last one now. */
export function toWeekDates(weeks: number, now: Date): Date[] {
  return Array.from({ length: weeks }, (_, index) => new Date(now.getTime() - (weeks - 1 - index) * WEEK_MS));
}
