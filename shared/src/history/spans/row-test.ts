import type { Query, Term } from '../language/index.ts';
import { compileQuery } from '../queries/compile-query.ts';
import { createHistoryDialect, toAspectOfField } from '../queries/history-dialect.ts';
import type { AspectName } from './aspects.ts';
import type { SpanColumns, Spans } from './load-spans.ts';

/** A query as it is worked out: what one aspect decides alone is one piece, and pieces meet interval by interval. */
type Plan =
  | { kind: 'all' }
  | { kind: 'piece'; of: AspectName | 'host'; query: Query }
  | { kind: 'evidence'; of: ReadonlySet<number> }
  | { kind: 'and' | 'or'; of: Plan[] }
  | { kind: 'not'; of: Plan };

/** For each interval 1 where the question holds, else 0; undefined where it holds for all. */
export type RowTest = Uint8Array | undefined;

/** A question made ready: it can be asked of the intervals in any order of them. */
export type Question = (columns: SpanColumns) => RowTest;

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
  const masks = new Map<Plan, Uint8Array>();
  const plan = toPlan(query, evidenceOf);
  await work(plan);
  return (columns) => (plan.kind === 'all' ? undefined : test(plan, columns, masks));

  async function work(part: Plan): Promise<void> {
    if (part.kind === 'piece') masks.set(part, await toMask(spans, part.of, part.query, asOf));
    else if (part.kind === 'not') await work(part.of);
    else if (part.kind === 'and' || part.kind === 'or') for (const one of part.of) await work(one);
  }
}

/** Of those that meet the ones that cover a census. */
export function restrictToCensus({ first, last, length }: SpanColumns, meets: RowTest, census: number): Uint8Array {
  const chosen = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) {
    if ((first[at] as number) > census || (last[at] as number) < census) continue;
    chosen[at] = meets === undefined ? 1 : (meets[at] as number);
  }
  return chosen;
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

async function toMask(
  spans: Spans,
  aspect: AspectName | 'host',
  query: Query,
  asOf: string | undefined,
): Promise<Uint8Array> {
  if (aspect === 'host') return toHostMask(spans, query);
  const dialect = createHistoryDialect(asOf);
  const condition = compileQuery(query, dialect);
  const mask = new Uint8Array(spans.sizes[aspect]);
  for (const number of await spans.select(aspect, condition, dialect.parameters)) mask[number] = 1;
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

function test(plan: Plan, columns: SpanColumns, masks: ReadonlyMap<Plan, Uint8Array>): Uint8Array {
  const { length } = columns;
  switch (plan.kind) {
    case 'all':
      return new Uint8Array(length).fill(1);
    case 'piece': {
      const mask = masks.get(plan) ?? new Uint8Array();
      return lookUp(mask, plan.of === 'host' ? columns.host : columns.aspects[plan.of], length);
    }
    case 'evidence': {
      const result = new Uint8Array(length);
      const { evidenceId } = columns;
      if (evidenceId === undefined) throw new TypeError('these intervals have no evidence');
      for (let at = 0; at < length; at += 1) if (plan.of.has(evidenceId[at] as number)) result[at] = 1;
      return result;
    }
    case 'not': {
      const inner = test(plan.of, columns, masks);
      for (let at = 0; at < length; at += 1) inner[at] = 1 - (inner[at] as number);
      return inner;
    }
    default: {
      const [first, ...more] = plan.of.map((one) => test(one, columns, masks));
      const result = first ?? new Uint8Array(length);
      for (const one of more) {
        if (plan.kind === 'and') for (let at = 0; at < length; at += 1) (result[at] as number) &= one[at] as number;
        else for (let at = 0; at < length; at += 1) (result[at] as number) |= one[at] as number;
      }
      return result;
    }
  }
}

function lookUp(mask: Uint8Array, numbers: Int32Array, length: number): Uint8Array {
  const result = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) result[at] = mask[numbers[at] as number] as number;
  return result;
}
