import type { Query, Term } from '../language/index.ts';
import { compileQuery } from '../queries/compile-query.ts';
import { createHistoryDialect, toAspectOfField } from '../queries/history-dialect.ts';
import type { AspectName } from './aspects.ts';
import type { SpanColumns, Spans } from './load-spans.ts';
import { keepMasked, type Mask, NOTHING, pack, testMasked } from './mask.ts';
import type { Numbers } from './numbers.ts';
import type { Part } from './segments.ts';

interface Piece {
  kind: 'piece';
  of: AspectName | 'host';
  query: Query;
}

/** A query as it is worked out: what one aspect decides alone is one piece, and pieces meet interval by interval. */
type Plan =
  | { kind: 'all' }
  | Piece
  | { kind: 'evidence'; of: ReadonlySet<number> }
  | { kind: 'and' | 'or'; of: Plan[] }
  | { kind: 'not'; of: Plan };

/** A question made ready: it can be asked of the intervals in any order of them. */
export interface Question {
  /** What it looks at. */
  readonly reads: ReadonlySet<Part>;
  /** Leaves of the first `count` rows, numbers of intervals, those that meet the question; returns how many. */
  keep(columns: SpanColumns, rows: Int32Array, count: number): number;
  /** Writes 1 for each of the rows that meets the question, else 0. */
  test(columns: SpanColumns, rows: Int32Array, count: number, result: Uint8Array): void;
}

type EvidenceOf = ReadonlyMap<Term, ReadonlySet<number>>;

/**
 * @param asOf day of the census, YYYY-MM-DD; without it a field that moves with time is an error of the caller
 * @param evidenceOf evidence in which a term holds that the files know nothing of
 */
export async function prepareQuestion(
  spans: Spans,
  query: Query,
  asOf?: string,
  evidenceOf: EvidenceOf = new Map(),
): Promise<Question> {
  const masks = new Map<Plan, Mask>();
  const plan = toPlan(query, evidenceOf);
  await Promise.all(piecesOf(plan).map(async (piece) => masks.set(piece, pack(await toMask(spans, piece, asOf)))));
  // What holds for every combination, as that nothing is mirrored, need not be held against any row.
  const parts = (plan.kind === 'and' ? plan.of : [plan])
    .map((part) => ({ part, share: masks.get(part)?.share ?? COSTLY }))
    .filter(({ share }) => share < 1)
    // What leaves fewest goes first; what is made of several pieces costs most.
    .sort((a, b) => a.share - b.share)
    .map(({ part }) => part);
  return {
    reads: new Set(parts.flatMap(readsOf)),
    keep: (columns, rows, count) => parts.reduce((left, part) => keep(part, columns, rows, left, masks), count),
    test: (columns, rows, count, result) => test(plan, columns, rows, count, result, masks),
  };
}

/** Of what is made of several pieces: it goes last. */
const COSTLY = 0.999_999;

function readsOf(plan: Plan): Part[] {
  if (plan.kind === 'evidence') return ['evidence'];
  return plan.kind === 'piece' ? [plan.of] : childrenOf(plan).flatMap(readsOf);
}

function piecesOf(plan: Plan): Piece[] {
  return plan.kind === 'piece' ? [plan] : childrenOf(plan).flatMap(piecesOf);
}

function childrenOf(plan: Plan): readonly Plan[] {
  if (plan.kind === 'not') return [plan.of];
  return plan.kind === 'and' || plan.kind === 'or' ? plan.of : [];
}

function toPlan(query: Query, evidenceOf: EvidenceOf): Plan {
  switch (query.kind) {
    case 'all':
      return { kind: 'all' };
    case 'term': {
      const evidence = evidenceOf.get(query);
      if (evidence !== undefined) return { kind: 'evidence', of: evidence };
      return { kind: 'piece', of: query.field === 'ip' ? 'host' : toAspectOfField(query.field), query };
    }
    case 'not': {
      const inner = toPlan(query.of, evidenceOf);
      if (inner.kind === 'piece') return { kind: 'piece', of: inner.of, query: { kind: 'not', of: inner.query } };
      return { kind: 'not', of: inner };
    }
    default:
      return join(
        query.kind,
        query.of.map((one) => toPlan(one, evidenceOf)),
      );
  }
}

function join(kind: 'and' | 'or', parts: readonly Plan[]): Plan {
  const pieces = new Map<AspectName | 'host', Query[]>();
  const others: Plan[] = [];
  for (const part of parts.flatMap((one) => (one.kind === kind ? one.of : [one]))) {
    if (part.kind === 'all') {
      if (kind === 'or') return part;
    } else if (part.kind === 'piece') {
      pieces.set(part.of, [...(pieces.get(part.of) ?? []), part.query]);
    } else others.push(part);
  }
  const joined = [...pieces].map(([of, [only, ...more]]): Plan => {
    if (only === undefined) throw new TypeError('a piece has a query');
    return { kind: 'piece', of, query: more.length === 0 ? only : { kind, of: [only, ...more] } };
  });
  const all = [...joined, ...others];
  const [single] = all;
  if (single === undefined) return kind === 'and' ? { kind: 'all' } : { kind: 'not', of: { kind: 'all' } };
  return all.length === 1 ? single : { kind, of: all };
}

/** Conditions whose masks are kept with a publication: a page that draws ten counts of one query asks for it ten times. */
const MAX_KEPT = 64;

const known = new WeakMap<Spans, Map<string, Uint8Array>>();

/** Number of a combination -> 1 where the query holds. */
async function toMask(spans: Spans, { of, query }: Piece, asOf: string | undefined): Promise<Uint8Array> {
  if (of === 'host') return toHostMask(spans, query);
  const dialect = createHistoryDialect(asOf);
  const condition = compileQuery(query, dialect);
  const kept = known.get(spans) ?? new Map<string, Uint8Array>();
  known.set(spans, kept);
  const key = JSON.stringify([of, condition, dialect.parameters]);
  const present = kept.get(key);
  const mask = present ?? new Uint8Array(spans.sizes[of]);
  if (present === undefined) {
    for (const number of await spans.select(of, condition, dialect.parameters)) mask[number] = 1;
  }
  // What was asked last is the last to go.
  kept.delete(key);
  kept.set(key, mask);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  return mask;
}

/** Hosts lie in the order of their addresses, so a network is a stretch of them. */
function toHostMask(spans: Spans, query: Query, into = new Uint8Array(spans.hosts.length)): Uint8Array {
  switch (query.kind) {
    case 'all':
      return into.fill(1);
    case 'or':
      for (const one of query.of) toHostMask(spans, one, into);
      return into;
    case 'term': {
      if (query.test.kind === 'known') return into.fill(1);
      for (const value of query.test.kind === 'any' ? query.test.of : []) {
        if (value.kind !== 'network') throw new TypeError(`a ${value.kind} is no address`);
        const { from, until } = spans.hosts.range(value.firstKey, value.lastKey);
        into.fill(1, from, until);
      }
      return into;
    }
    case 'not': {
      const inner = toHostMask(spans, query.of);
      for (let at = 0; at < into.length; at += 1) if (inner[at] === 0) into[at] = 1;
      return into;
    }
    case 'and': {
      const [first, ...more] = query.of.map((one) => toHostMask(spans, one));
      for (let at = 0; at < into.length; at += 1) {
        if ((first?.[at] ?? 1) === 1 && more.every((one) => one[at] === 1)) into[at] = 1;
      }
      return into;
    }
  }
}

type Masks = ReadonlyMap<Plan, Mask>;

/** Rows that are looked at together; what they are held against stays in the processor's cache. */
export const BLOCK = 8192;

function keep(plan: Plan, columns: SpanColumns, rows: Int32Array, count: number, masks: Masks): number {
  if (plan.kind === 'all') return count;
  if (plan.kind === 'piece') return keepMasked(masks.get(plan) ?? NOTHING, toNumbers(plan, columns), rows, count);
  const result = new Uint8Array(count);
  test(plan, columns, rows, count, result, masks);
  let kept = 0;
  for (let at = 0; at < count; at += 1) {
    rows[kept] = rows[at] as number;
    kept += result[at] as number;
  }
  return kept;
}

function toNumbers({ of }: Piece, columns: SpanColumns): Numbers {
  return of === 'host' ? columns.host : columns.aspects[of];
}

function test(
  plan: Plan,
  columns: SpanColumns,
  rows: Int32Array,
  count: number,
  result: Uint8Array,
  masks: Masks,
): void {
  switch (plan.kind) {
    case 'all':
      result.fill(1, 0, count);
      return;
    case 'piece':
      testMasked(masks.get(plan) ?? NOTHING, toNumbers(plan, columns), rows, count, result);
      return;
    case 'evidence': {
      const { evidenceId } = columns;
      if (evidenceId === undefined) throw new TypeError('these intervals have no evidence');
      for (let at = 0; at < count; at += 1) result[at] = plan.of.has(evidenceId[rows[at] as number] as number) ? 1 : 0;
      return;
    }
    case 'not':
      test(plan.of, columns, rows, count, result, masks);
      for (let at = 0; at < count; at += 1) result[at] = 1 - (result[at] as number);
      return;
    default: {
      const [first, ...more] = plan.of;
      if (first === undefined) throw new TypeError('a plan of none');
      test(first, columns, rows, count, result, masks);
      const other = new Uint8Array(count);
      for (const one of more) {
        test(one, columns, rows, count, other, masks);
        if (plan.kind === 'and') for (let at = 0; at < count; at += 1) (result[at] as number) &= other[at] as number;
        else for (let at = 0; at < count; at += 1) (result[at] as number) |= other[at] as number;
      }
    }
  }
}
