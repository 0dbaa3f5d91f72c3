import type { Term } from './query.ts';

/** Where terms were written. They are told apart by identity: two equal ones stand in two places. */
const columns = new WeakMap<Term, number>();

export function rememberColumn(term: Term, column: number): Term {
  columns.set(term, column);
  return term;
}

/** Of the term's field, from 1, in UTF-16 units of the query; 1 of a term that nobody wrote. */
export function columnOf(term: Term): number {
  return columns.get(term) ?? 1;
}
