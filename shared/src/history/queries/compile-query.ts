import type { Parameter } from '../duckdb.ts';
import type { FieldName, PatternPart, Query, Test, Value } from '../language/index.ts';

/** How one store spells a field: expressions of ours over its own columns. */
export type Columns =
  | { kind: 'text' | 'number' | 'boolean' | 'date'; sql: string }
  /** Days from one date to another, negative once it is over. */
  | { kind: 'duration'; sql: string }
  /** The text, and its numbers (see Value). */
  | { kind: 'version'; text: string; release: string; minor: string }
  | {
      kind: 'network';
      first: (value: Value & { kind: 'network' }) => Parameter;
      last: (value: Value & { kind: 'network' }) => Parameter;
      sql: string;
      cast: string;
    }
  /** Holds where one of several texts does; `exists` puts a condition on the name `item`. */
  | { kind: 'texts'; exists: (condition: string) => string; known: string };

export interface Dialect {
  columns(field: FieldName): Columns;
  /** Adds a value to the statement's and gives its placeholder. */
  parameter(value: Parameter): string;
}

/** A condition of one statement. Whatever a caller wrote is among the parameters; the text is ours alone. */
export function compileQuery(query: Query, dialect: Dialect): string {
  switch (query.kind) {
    case 'all':
      return 'true';
    case 'and':
    case 'or':
      if (query.of.length === 0) return query.kind === 'and' ? 'true' : 'false';
      return `(${query.of.map((one) => compileQuery(one, dialect)).join(` ${query.kind.toUpperCase()} `)})`;
    case 'not':
      return `NOT ${compileQuery(query.of, dialect)}`;
    case 'term':
      // What is not known meets no test; and what does not meet it meets its opposite.
      return `COALESCE(${compileTest(query.test, dialect.columns(query.field), dialect)}, false)`;
  }
}

function compileTest(test: Test, columns: Columns, dialect: Dialect): string {
  if (test.kind === 'known') return toKnown(columns);
  if (test.kind === 'any') return compileAny(test.of, columns, dialect);
  const parts: string[] = [];
  const { low, high } = test;
  if (low !== undefined) parts.push(compileOrder(low.inclusive ? '>=' : '>', low.value, columns, dialect));
  if (high !== undefined) parts.push(compileOrder(high.inclusive ? '<=' : '<', high.value, columns, dialect));
  return `(${parts.join(' AND ')})`;
}

function toKnown(columns: Columns): string {
  switch (columns.kind) {
    case 'version':
      return `${columns.text} IS NOT NULL`;
    case 'texts':
      return columns.known;
    default:
      return `${columns.sql} IS NOT NULL`;
  }
}

function compileAny(values: readonly Value[], columns: Columns, dialect: Dialect): string {
  return `(${values.map((value) => compileEqual(value, columns, dialect)).join(' OR ')})`;
}

function compileEqual(value: Value, columns: Columns, dialect: Dialect): string {
  const put = (parameter: Parameter) => dialect.parameter(parameter);
  switch (value.kind) {
    case 'text': {
      const text = (sql: string) => compilePattern(value.pattern, sql, put);
      if (columns.kind === 'version') return text(columns.text);
      if (columns.kind === 'texts') return columns.exists(text('item'));
      return text(toSql(columns));
    }
    case 'number':
    case 'boolean':
      return `${toSql(columns)} = ${put(value.kind === 'number' ? value.number : value.value)}`;
    case 'duration':
      return `${toSql(columns)} = ${put(value.days)}`;
    case 'minor':
    case 'release':
      return `${toVersionSql(value, columns)} = ${put(value.kind === 'minor' ? value.minor : value.number)}`;
    case 'days':
      return `${toSql(columns)} BETWEEN ${put(value.first)}::date AND ${put(value.last)}::date`;
    case 'network': {
      if (columns.kind !== 'network') throw new TypeError(`${columns.kind} has no addresses`);
      const { sql, cast } = columns;
      return `${sql} BETWEEN ${put(columns.first(value))}${cast} AND ${put(columns.last(value))}${cast}`;
    }
  }
}

function compileOrder(compare: '<' | '<=' | '>' | '>=', value: Value, columns: Columns, dialect: Dialect): string {
  switch (value.kind) {
    case 'number':
      return `${toSql(columns)} ${compare} ${dialect.parameter(value.number)}`;
    case 'duration':
      return `${toSql(columns)} ${compare} ${dialect.parameter(value.days)}`;
    case 'minor':
    case 'release': {
      const number = value.kind === 'minor' ? value.minor : value.number;
      return `${toVersionSql(value, columns)} ${compare} ${dialect.parameter(number)}`;
    }
    case 'days': {
      // "after March" is after its last day, "from March on" from its first.
      const day = compare === '<' || compare === '>=' ? value.first : value.last;
      return `${toSql(columns)} ${compare} ${dialect.parameter(day)}::date`;
    }
    default:
      throw new TypeError(`a ${value.kind} has no place in an order`);
  }
}

function toSql(columns: Columns): string {
  if ('sql' in columns) return columns.sql;
  throw new TypeError(`${columns.kind} has no single column`);
}

/** With two numbers a version is compared as a minor, with three as a release. */
function toVersionSql(value: Value & { kind: 'minor' | 'release' }, columns: Columns): string {
  if (columns.kind !== 'version') throw new TypeError(`${columns.kind} has no versions`);
  return value.kind === 'minor' ? columns.minor : columns.release;
}

/** Matching is linear in neither, but bounded: no value is long. */
function compilePattern(pattern: readonly PatternPart[], sql: string, put: (value: Parameter) => string): string {
  const [only] = pattern;
  if (pattern.length === 1 && only !== undefined && 'text' in only) return `lower(${sql}) = lower(${put(only.text)})`;
  const like = toLikePattern(pattern);
  return `lower(${sql}) LIKE lower(${put(like)}) ESCAPE '\\'`;
}

/** `*` and `?` become LIKE's own, with a backslash as its escape; LIKE's in the text lose their meaning. */
export function toLikePattern(pattern: readonly PatternPart[]): string {
  return pattern
    .map((part) => {
      if ('wildcard' in part) return part.wildcard === 'any' ? '%' : '_';
      return part.text.replace(/[\\%_]/g, (mark) => `\\${mark}`);
    })
    .join('');
}
