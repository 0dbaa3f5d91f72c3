import { type AddressRange, type AddressSet, AddressSetBuilder, withEmbeddedIpv4 } from '../addresses/index.ts';

/** PostgreSQL's channel on which it is said that the exclusions changed: migrations, notify_exclusions(). */
export const EXCLUSIONS_CHANNEL = 'kubecensus_exclusions';

/** A range where nobody may look, over an interval of time. */
export interface Exclusion {
  readonly range: AddressRange;
  readonly validFrom: Date;
  /** Without end where absent. */
  readonly validUntil: Date | undefined;
}

/** Every address that is excluded at a moment, IPv6 addresses that carry an excluded IPv4 address with them. */
export function toExclusionSet(exclusions: readonly Exclusion[], at: Date): AddressSet {
  const builder = new AddressSetBuilder();
  for (const { range, validFrom, validUntil } of exclusions) {
    if (validFrom <= at && (validUntil === undefined || validUntil > at)) builder.add(range);
  }
  return withEmbeddedIpv4(builder.build());
}

/** The next moment after `at` when an interval begins or ends by itself; undefined where none does. */
export function nextExclusionChange(exclusions: readonly Exclusion[], at: Date): Date | undefined {
  let next: Date | undefined;
  for (const { validFrom, validUntil } of exclusions) {
    for (const moment of [validFrom, validUntil]) {
      if (moment !== undefined && moment > at && (next === undefined || moment < next)) next = moment;
    }
  }
  return next;
}
