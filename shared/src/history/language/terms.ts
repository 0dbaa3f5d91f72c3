import type { FieldName } from './fields.ts';
import type { Query, Term } from './query.ts';

/** Every term of a query, in its order. */
export function termsOf(query: Query): Term[] {
  switch (query.kind) {
    case 'all':
      return [];
    case 'term':
      return [query];
    case 'not':
      return termsOf(query.of);
    default:
      return query.of.flatMap(termsOf);
  }
}

/** The fields that a query names, each once. */
export function fieldsOf(query: Query): FieldName[] {
  return [...new Set(termsOf(query).map(({ field }) => field))];
}

export function namesField(query: Query, field: FieldName): boolean {
  return fieldsOf(query).includes(field);
}
