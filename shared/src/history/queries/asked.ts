import { KubecensusError } from '../../errors/index.ts';
import {
  columnOf,
  type FieldName,
  fieldsOf,
  findField,
  namesField,
  type Query,
  QueryError,
  type Term,
  termsOf,
  toField,
} from '../language/index.ts';
import type { Unit } from '../spans/segments.ts';

export const UNITS = ['endpoint', 'host', 'cluster'] as const satisfies readonly Unit[];
export type { Unit };

/** Cells in a cross-tab and lines in a trend that are told apart; what is left is their `other`. */
export const MAX_DIMENSIONS = 3;

/** The question as it counts: look-alikes and mirrors only where it asks about them. */
export function toPresent(query: Query): Query {
  const left = [NO_LOOK_ALIKE, NO_MIRROR].filter(({ of }) => !namesField(query, of.field));
  return left.length === 0 ? query : { kind: 'and', of: [...left, query] };
}

type NotTerm = { kind: 'not'; of: Term };

const NO_LOOK_ALIKE: NotTerm = {
  kind: 'not',
  of: {
    kind: 'term',
    field: 'outcome',
    test: { kind: 'any', of: [{ kind: 'text', pattern: [{ text: 'look-alike' }] }] },
  },
};

const NO_MIRROR: NotTerm = {
  kind: 'not',
  of: { kind: 'term', field: 'mirrored', test: { kind: 'any', of: [{ kind: 'boolean', value: true }] } },
};

/** @throws {KubecensusError} QUERY_DIMENSION_UNKNOWN */
export function toDimensions(names: readonly string[]): FieldName[] {
  const fields = [...new Set(names)].map((name) => {
    const field = findField(name);
    if (field !== undefined && toField(field).dimension) return field;
    throw new KubecensusError('QUERY_DIMENSION_UNKNOWN', `counts cannot be split by ${JSON.stringify(name)}`);
  });
  if (fields.length <= MAX_DIMENSIONS) return fields;
  throw new KubecensusError(
    'QUERY_DIMENSION_UNKNOWN',
    `counts are split by at most ${MAX_DIMENSIONS} dimensions; ${fields.length} were given`,
  );
}

/** @throws {QueryError} QUERY_FIELD_NOT_TRENDABLE, with the column of the first such field */
export function assertTrendable(query: Query): void {
  for (const term of termsOf(query)) {
    if (toField(term.field).trendable) continue;
    const problem = `${term.field} is known of one moment only, so it filters no trend`;
    throw new QueryError('QUERY_FIELD_NOT_TRENDABLE', columnOf(term), problem);
  }
}

/** @throws {QueryError} QUERY_FIELD_NOT_TRENDABLE where a field is in no published file, with its column */
export function assertPublished(query: Query): void {
  for (const term of termsOf(query)) {
    if (toField(term.field).kept === 'history') continue;
    const problem = `${term.field} is kept in the record alone; search looks there, counts and trends do not`;
    throw new QueryError('QUERY_FIELD_NOT_TRENDABLE', columnOf(term), problem);
  }
}

/** Fields of a question that no endpoint has a value of yet; an answer that rests on one says so. */
export function toNotMeasured(query: Query, by: readonly FieldName[]): FieldName[] {
  return [...new Set([...fieldsOf(query), ...by])].filter((field) => !toField(field).measured);
}

export type KeyValue = string | number | boolean | null;

/** A dimension's value as text from the engine, in its own type. */
export function toKeyValue(field: FieldName, text: string | null): KeyValue {
  if (text === null) return null;
  const { type } = toField(field);
  if (type === 'number') return Number(text);
  return type === 'boolean' ? text === 'true' : text;
}

/** The key of a cell or a line, of its values as text in the order of the fields. */
export function toKey(by: readonly FieldName[], values: readonly (string | null)[]): Record<string, KeyValue> {
  return Object.fromEntries(by.map((field, at) => [field, toKeyValue(field, values[at] ?? null)]));
}
