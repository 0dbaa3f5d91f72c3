/**
 * What a published interval is said to be, in groups of columns that have few combinations: an interval holds the number
 * of a combination instead of twenty texts. A condition is worked out once for each combination, and then looked up.
 */
export const ASPECTS = {
  place: ['asn', 'as_name', 'country', 'provider'],
  validity: ['certificate_from', 'certificate_until'],
  beginning: ['first_seen_on'],
  cluster: ['cluster', 'cluster_since'],
  folding: ['mirrored', 'template'],
  ending: ['ended', 'fate', 'fate_census'],
  profile: [
    'component',
    'port',
    'outcome',
    'distribution',
    'confidence',
    'version',
    'version_number',
    'minor',
    'minor_number',
    'minor_low',
    'minor_high',
    'exposure',
    'silence',
    'exact_san',
    'answering',
    'reason',
    'support',
    'support_ends_on',
  ],
} as const satisfies Record<string, readonly string[]>;

export type AspectName = keyof typeof ASPECTS;
export const ASPECT_NAMES = Object.keys(ASPECTS) as AspectName[];

/** The column of a file that holds the number of a combination. */
export function toAspectColumn(aspect: AspectName): string {
  return `${aspect}_number`;
}

const ASPECT_OF_COLUMN = new Map<string, AspectName>(
  ASPECT_NAMES.flatMap((aspect) => ASPECTS[aspect].map((column): [string, AspectName] => [column, aspect])),
);

/** The aspect whose columns an expression of ours reads; one that reads none holds for every combination alike. */
export function toAspectOfSql(sql: string): AspectName {
  for (const word of sql.match(/[a-z_]+/g) ?? []) {
    const aspect = ASPECT_OF_COLUMN.get(word);
    if (aspect !== undefined) return aspect;
  }
  return 'profile';
}
