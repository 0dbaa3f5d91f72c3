import { type Release, toOptional } from './releases.ts';
import { type SupportWindow, toWindowKey } from './support-windows.ts';
import { tablesInForce } from './tables-in-force.ts';

/**
 * `supported`: all fixes; `maintenance`: serious fixes only; `extended`: fixes for those who bought them;
 * `end-of-life`: none.
 */
export const SUPPORT_STATES = ['supported', 'maintenance', 'extended', 'end-of-life'] as const;
export type SupportState = (typeof SUPPORT_STATES)[number];

/** How far a minor is through one support calendar on one day. */
export interface Support {
  readonly state: SupportState;
  /** Days until its last day of support that everyone has; negative once it is over. */
  readonly daysLeft: number;
  /** The same for the support that is sold beyond. */
  readonly extendedDaysLeft?: number;
  /** Days since its first release. */
  readonly ageDays?: number;
  readonly endsOn: string;
  readonly source: string;
  /** The day on which that calendar was compiled. */
  readonly asOf: string;
}

export interface Freshness {
  readonly minor: string;
  /** Absent where the calendar does not say, or the minor is not in it. */
  readonly upstream?: Support;
  /** The vendor's own window; absent where no calendar of that vendor is known. */
  readonly vendor?: Support & { readonly product?: string };
  /** The vendor's word where there is one, upstream's otherwise; absent where neither is known. */
  readonly state?: SupportState;
}

export interface SupportTables {
  readonly releases: ReadonlyMap<string, Release>;
  readonly windows: ReadonlyMap<string, SupportWindow>;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Distributions that are supported on another one's calendar. */
const CALENDARS: Readonly<Record<string, string>> = {
  hypershift: 'openshift',
  microshift: 'openshift',
  roks: 'openshift',
};

/**
 * How fresh a minor ('1.29') of a distribution is on a day (YYYY-MM-DD), or at an instant's day in UTC. The last day of
 * support counts as supported.
 */
export function toFreshness(
  minor: string,
  distribution: string,
  on: string | Date,
  { releases, windows }: SupportTables = tablesInForce,
): Freshness {
  const day = typeof on === 'string' ? on : on.toISOString().slice(0, 10);
  const release = releases.get(minor);
  const window = windows.get(toWindowKey(CALENDARS[distribution] ?? distribution, minor));
  const upstream = release?.endsOn === undefined ? undefined : toSupport({ ...release, endsOn: release.endsOn }, day);
  const vendor = window === undefined ? undefined : toSupport(window, day);
  return {
    minor,
    ...toOptional('upstream', upstream),
    ...toOptional(
      'vendor',
      vendor === undefined ? undefined : { ...vendor, ...toOptional('product', window?.product) },
    ),
    ...toOptional('state', vendor?.state ?? upstream?.state),
  };
}

interface Calendar {
  readonly releasedOn?: string;
  readonly maintenanceOn?: string;
  readonly endsOn: string;
  readonly extendedUntil?: string;
  readonly source: string;
  readonly asOf: string;
}

function toSupport(calendar: Calendar, day: string): Support {
  const { releasedOn, endsOn, extendedUntil, source, asOf } = calendar;
  return {
    state: toState(calendar, day),
    daysLeft: daysBetween(day, endsOn),
    ...toOptional('extendedDaysLeft', extendedUntil === undefined ? undefined : daysBetween(day, extendedUntil)),
    ...toOptional('ageDays', releasedOn === undefined ? undefined : daysBetween(releasedOn, day)),
    endsOn,
    source,
    asOf,
  };
}

function toState({ maintenanceOn, endsOn, extendedUntil }: Calendar, day: string): SupportState {
  if (day > endsOn) return extendedUntil !== undefined && day <= extendedUntil ? 'extended' : 'end-of-life';
  return maintenanceOn !== undefined && day > maintenanceOn ? 'maintenance' : 'supported';
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}
