/** What became of an endpoint between two censuses. */
export const DIFF_STATES = [
  'unchanged', // in both, with the same evidence
  'changed', // in both, with other evidence
  'new', // first seen after the earlier census
  'reappeared', // was gone, excluded or out of scope in the earlier census, and had been seen before it
  'back', // was not reached in the earlier census, and had been seen before it
  'entered', // in both, and only the later one meets the query
  'left', // in both, and only the earlier one meets the query
  'gone', // proved
  'excluded', // an exclusion covers it now
  'out-of-scope', // the later census did not look there
  'not-reached', // not seen, and nothing proves that it is gone
] as const;
export type DiffState = (typeof DIFF_STATES)[number];

export interface DiffRow {
  state: DiffState;
  address: string;
  port: number;
  component: string;
  /** Distribution and version in the two censuses, null where it was not in it or nothing is known. */
  distributions: [string | null, string | null];
  versions: [string | null, string | null];
}
