export { toAddressKey } from './address-key.ts';
export { FIELD_NAMES, FIELDS, type Field, type FieldName, type FieldType, findField, toField } from './fields.ts';
export { MAX_QUERY_DEPTH, MAX_QUERY_LENGTH, MAX_QUERY_VALUES, parseQuery } from './parse-query.ts';
export type { Bound, PatternPart, Query, Term, Test, Value } from './query.ts';
export { QueryError } from './query-error.ts';
export { columnOf } from './term-columns.ts';
export { fieldsOf, namesField, termsOf } from './terms.ts';
