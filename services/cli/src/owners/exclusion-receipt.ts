import { type AddressRange, formatRange } from '@kubecensus/shared/addresses';
import type { NewExclusion } from '@kubecensus/shared/exclusions';
import { VERSION } from '../version.ts';

/** What became of the rows that were stored of the range before. */
export type StoredRows = {
  readonly removed: boolean;
  readonly endpoints: number;
  readonly sightings: number;
  readonly observations: number;
  readonly evidence: number;
  /** Series whose published history was replaced by a new revision. */
  readonly revisedSeries: readonly string[];
  /** Under way when this was written: what they saw before may still arrive. */
  readonly openScans: readonly string[];
  readonly note: string;
};

/** What an owner is given for a range that nobody looks at any more. Instants as ISO 8601 in UTC. */
export type ExclusionReceipt = {
  readonly document: 'kubecensus exclusion receipt';
  readonly version: string;
  readonly issuedAt: string;
  readonly exclusions: readonly {
    readonly id: number;
    readonly range: string;
    readonly validFrom: string;
    readonly storedRows: StoredRows;
  }[];
  readonly validUntil: string | null;
  readonly reason: string;
  readonly requestedBy: string | null;
};

export type Excluded = { id: number; range: AddressRange; validFrom: Date; storedRows: StoredRows };

export function toReceipt(
  excluded: readonly Excluded[],
  { validUntil, reason, requestedBy }: Omit<NewExclusion, 'range'>,
  issuedAt: Date,
): ExclusionReceipt {
  return {
    document: 'kubecensus exclusion receipt',
    version: VERSION,
    issuedAt: issuedAt.toISOString(),
    exclusions: excluded.map(({ id, range, validFrom, storedRows }) => ({
      id,
      range: formatRange(range),
      validFrom: validFrom.toISOString(),
      storedRows,
    })),
    validUntil: validUntil?.toISOString() ?? null,
    reason,
    requestedBy: requestedBy ?? null,
  };
}
