/**
 * What counts can be split by: name -> SQL over `member`, `evidence`, `verdict`, `folded` and `place` (count-endpoints.ts). A value is
 * null where nothing is known; "unknown" is the rules' own verdict.
 */
export const DIMENSIONS = {
  distribution: 'verdict.distribution',
  confidence: 'verdict.confidence',
  version: 'verdict.version',
  minor: 'verdict.minor',
  bracket: `CASE WHEN COALESCE(verdict.minor_low, verdict.minor_high) IS NOT NULL
                 THEN COALESCE(verdict.minor_low, '') || '-' || COALESCE(verdict.minor_high, '') END`,
  exposure: 'verdict.exposure',
  silence: 'verdict.silence',
  reason: 'verdict.reason',
  outcome: 'evidence.outcome',
  component: 'member.component',
  port: 'member.port',
  asn: 'place.asn',
  as_name: 'place.as_name',
  country: 'place.country',
  provider: 'place.provider',
  mirrored: 'COALESCE(folded.mirrored, false)',
  template: `CASE WHEN folded.reason = 'template' THEN folded.mark END`,
} as const satisfies Record<string, string>;

export type Dimension = keyof typeof DIMENSIONS;

export function isDimension(name: string): name is Dimension {
  return Object.hasOwn(DIMENSIONS, name);
}

/** Whether a split by it reads where addresses lie. */
export function isOfPlace(dimension: Dimension): boolean {
  return DIMENSIONS[dimension].startsWith('place.');
}
