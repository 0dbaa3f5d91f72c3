import { type SupportState, toFreshness } from '../kubernetes/index.ts';

/** A stretch of censuses during which a version had one state of support; both ends inclusive. */
export interface SupportSpan {
  distribution: string;
  minor: string;
  since: number;
  until: number;
  support: SupportState;
  /** Last day of any support, YYYY-MM-DD. */
  endsOn: string | null;
}

/** The states of a version over the censuses, in their order; none where no calendar knows the version. */
export function toSupportSpans(
  distribution: string,
  minor: string,
  censuses: readonly { censusNumber: number; asOf: string }[],
): SupportSpan[] {
  const spans: SupportSpan[] = [];
  for (const { censusNumber, asOf } of censuses) {
    const { state: support, vendor, upstream } = toFreshness(minor, distribution, asOf.slice(0, 10));
    if (support === undefined) continue;
    const open = spans.at(-1);
    if (open?.support === support && open.until === censusNumber - 1) {
      open.until = censusNumber;
      continue;
    }
    const calendar = vendor ?? upstream;
    const endsOn = calendar === undefined ? null : toLastDay(calendar, asOf);
    spans.push({ distribution, minor, since: censusNumber, until: censusNumber, support, endsOn });
  }
  return spans;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The end of what is sold beyond the common support, where it is sold; the calendar counts it from the day asked. */
function toLastDay(calendar: { endsOn: string; extendedDaysLeft?: number }, asOf: string): string {
  if (calendar.extendedDaysLeft === undefined) return calendar.endsOn;
  const day = Date.parse(asOf.slice(0, 10));
  return new Date(day + calendar.extendedDaysLeft * DAY_MS).toISOString().slice(0, 10);
}
