import type { FieldName } from './fields.ts';

/** A query as parsed: values have their field's type, and nothing in it is a caller's text to be run. */
export type Query = { kind: 'all' } | { kind: 'and' | 'or'; of: readonly Query[] } | { kind: 'not'; of: Query } | Term;

export interface Term {
  kind: 'term';
  field: FieldName;
  test: Test;
}

/**
 * A term holds where its field is known and the test is true of it. Where nothing is known it does not hold, so
 * `not minor<1.30` holds for what tells no version.
 */
export type Test =
  | { kind: 'known' }
  | { kind: 'any'; of: readonly Value[] }
  | { kind: 'between'; low?: Bound; high?: Bound };

export interface Bound {
  value: Value;
  inclusive: boolean;
}

export type Value =
  /** Texts compare without regard to case. */
  | { kind: 'text'; pattern: readonly PatternPart[] }
  | { kind: 'number'; number: number }
  | { kind: 'boolean'; value: boolean }
  /** First and last day, YYYY-MM-DD, inclusive: a month is a value, too. */
  | { kind: 'days'; first: string; last: string }
  | { kind: 'duration'; days: number }
  /** `minor`: major x 1000 + minor; `number`: (major x 1000 + minor) x 10000 + patch. */
  | { kind: 'minor'; minor: number }
  | { kind: 'release'; number: number }
  /** First and last address, and their keys as the history has them. */
  | { kind: 'network'; first: string; last: string; firstKey: string; lastKey: string };

/** A piece of text as it stands, or a wildcard: `*` for any text, `?` for one character. */
export type PatternPart = { text: string } | { wildcard: 'any' | 'one' };
