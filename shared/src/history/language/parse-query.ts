/*
 * The grammar, from the outside in. Words are read without regard to case; blanks separate terms, and terms side by side
 * must all hold.
 *
 *   query   = [ or ]
 *   or      = and { "or" and }
 *   and     = not { [ "and" ] not }
 *   not     = { "not" | "-" | "!" } primary
 *   primary = "(" or ")" | "*" | address | term
 *   term    = field ( ":" [ compare ] | compare ) values
 *   compare = "=" | "!=" | "<" | "<=" | ">" | ">="
 *   values  = "*" | set | range | value { "," value }
 *   set     = "(" value { ( "or" | "," ) value } ")" | "{" value { "," value } "}"
 *   range   = "[" value "to" value "]" | value ".." [ value ] | ".." value
 */
import { type Field, type FieldName, findField, proposeField, toField } from './fields.ts';
import { parseValue } from './parse-value.ts';
import type { Bound, Query, Term, Test, Value } from './query.ts';
import { QueryError } from './query-error.ts';
import { QueryScanner, quote } from './query-scanner.ts';
import { rememberColumn } from './term-columns.ts';
import { isReversed } from './value-order.ts';

/** Longer than anything a person writes, and short enough to be read in microseconds. */
export const MAX_QUERY_LENGTH = 2000;
/** Parentheses and negations inside one another. */
export const MAX_QUERY_DEPTH = 20;
/** Values of all terms together. */
export const MAX_QUERY_VALUES = 200;

type Compare = '=' | '!=' | '<' | '<=' | '>' | '>=';

const NAME = /[a-z][a-z0-9_.]*/iy;
const COMPARE = /!=|<=|>=|[=<>]/y;
const WORD = /[^\s()"',{}[\]]+/y;

/** Orders cannot be told of these: each value is apart from the others. */
const UNORDERED: ReadonlySet<string> = new Set(['text', 'word', 'boolean', 'network']);

/**
 * One query. Each character is looked at a bounded number of times, whatever was written.
 * @throws {QueryError} QUERY_TOO_LARGE, QUERY_SYNTAX, QUERY_FIELD_UNKNOWN, QUERY_VALUE_INVALID, with the column
 */
export function parseQuery(text: string): Query {
  if (text.length > MAX_QUERY_LENGTH) {
    throw new QueryError(
      'QUERY_TOO_LARGE',
      MAX_QUERY_LENGTH + 1,
      `the query has ${text.length} characters; at most ${MAX_QUERY_LENGTH} are read`,
    );
  }
  const parser = new Parser(text);
  return parser.whole();
}

class Parser {
  readonly #scan: QueryScanner;
  #depth = 0;
  #values = 0;

  constructor(text: string) {
    this.#scan = new QueryScanner(text);
  }

  whole(): Query {
    this.#scan.blanks();
    if (this.#scan.ended()) return { kind: 'all' };
    const query = this.#or();
    if (!this.#scan.ended()) this.#scan.fail(`${this.#scan.shown()} is one too many`);
    return query;
  }

  #or(): Query {
    const of = [this.#and()];
    while (this.#scan.keyword('or') || this.#scan.take('||')) of.push(this.#and());
    return of.length === 1 ? (of[0] as Query) : { kind: 'or', of };
  }

  #and(): Query {
    const of = [this.#not()];
    for (;;) {
      const joined = this.#scan.keyword('and') || this.#scan.take('&&');
      if (
        !joined &&
        (this.#scan.ended() || this.#scan.peek(')') || this.#scan.peek('||') || this.#scan.isKeyword('or'))
      )
        break;
      of.push(this.#not());
    }
    return of.length === 1 ? (of[0] as Query) : { kind: 'and', of };
  }

  #not(): Query {
    if (this.#scan.keyword('not') || this.#scan.take('-') || this.#scan.take('!')) {
      return { kind: 'not', of: this.#deeper(() => this.#not()) };
    }
    return this.#primary();
  }

  #primary(): Query {
    const column = this.#scan.at + 1;
    if (this.#scan.take('(')) {
      const query = this.#deeper(() => this.#or());
      if (!this.#scan.take(')')) this.#scan.fail(`a parenthesis is missing for the one at column ${column}`);
      return query;
    }
    if (this.#scan.take('*')) return { kind: 'all' };
    if (this.#scan.ended()) this.#scan.fail('a term is missing at the end');
    return this.#term();
  }

  #term(): Query {
    const start = this.#scan.at;
    const name = this.#scan.match(NAME);
    if (name !== undefined) {
      const afterName = this.#scan.at;
      const bare = this.#scan.peek(':');
      this.#scan.blanks();
      const compare = bare ? undefined : this.#scan.match(COMPARE);
      if (bare || compare !== undefined) {
        if (bare) this.#scan.at += 1;
        const field = findField(name);
        // An IPv6 address may begin as a name does.
        if (field !== undefined) return this.#test(field, start, bare ? this.#scan.match(COMPARE) : compare);
        if (!(bare && this.#isAddress(start))) throw this.#unknownField(name, start);
      } else this.#scan.at = afterName;
    }
    this.#scan.at = start;
    return this.#bareWord();
  }

  #isAddress(start: number): boolean {
    this.#scan.at = start;
    const word = this.#scan.match(WORD) ?? '';
    return Array.isArray(parseValue(toField('ip'), word));
  }

  #unknownField(name: string, start: number): QueryError {
    return new QueryError('QUERY_FIELD_UNKNOWN', start + 1, `there is no field ${name}`, proposeField(name));
  }

  /** An address stands for itself; any other word must say in which field it is looked for. */
  #bareWord(): Query {
    const start = this.#scan.at;
    const word = this.#scan.match(WORD);
    if (word === undefined) this.#scan.fail(`${this.#scan.shown()} begins no term`);
    const values = parseValue(toField('ip'), word);
    if (Array.isArray(values)) return this.#toTerm('ip', start, { kind: 'any', of: values });
    const isName = /^[a-z0-9-]{1,40}$/i.test(word);
    const proposal = isName ? `distribution:${word}` : `san:"*${word.slice(0, 40)}*"`;
    throw new QueryError('QUERY_SYNTAX', start + 1, `a field is missing before ${quote(word)}`, proposal);
  }

  #test(name: FieldName, start: number, written: string | undefined): Query {
    const field = toField(name);
    const compare = (written ?? '=') as Compare;
    this.#scan.blanks();
    const column = this.#scan.at + 1;
    if (compare !== '=' && compare !== '!=') {
      if (UNORDERED.has(field.type)) {
        throw new QueryError(
          'QUERY_SYNTAX',
          start + 1,
          `${name} has no order, so ${compare} says nothing of it`,
          `${name}:`,
        );
      }
      return this.#toTerm(name, start, toBetween(compare, this.#ordered(field, name)));
    }
    const test = this.#tested(field, name);
    if (test.kind === 'between' && UNORDERED.has(field.type)) {
      throw new QueryError('QUERY_SYNTAX', column, `${name} has no order, so a range says nothing of it`);
    }
    const term = this.#toTerm(name, start, test);
    return compare === '!=' ? { kind: 'not', of: term } : term;
  }

  #tested(field: Field, name: FieldName): Test {
    if (this.#scan.take('[')) return this.#bracketed(field, name);
    for (const [open, close] of [
      ['(', ')'],
      ['{', '}'],
    ] as const) {
      if (this.#scan.take(open)) return { kind: 'any', of: this.#set(field, name, close) };
    }
    const column = this.#scan.at + 1;
    const first = this.#written(name);
    if (first.text === '*' && !first.quoted) return { kind: 'known' };
    const range = first.quoted ? undefined : this.#dotted(field, name, first.text, column);
    if (range !== undefined) return range;
    const of = [...this.#toValues(field, name, first.text, column)];
    while (this.#scan.text[this.#scan.at] === ',') {
      this.#scan.at += 1;
      this.#scan.blanks();
      of.push(...this.#value(field, name));
    }
    this.#scan.blanks();
    return { kind: 'any', of };
  }

  #set(field: Field, name: FieldName, close: string): Value[] {
    const of: Value[] = [];
    for (;;) {
      of.push(...this.#value(field, name));
      this.#scan.blanks();
      if (this.#scan.take(close)) return of;
      if (!this.#scan.take(',') && !this.#scan.keyword('or'))
        this.#scan.fail(`${quote(close)}, a comma or the word or is missing`);
    }
  }

  #bracketed(field: Field, name: FieldName): Test {
    const column = this.#scan.at + 1;
    const low = this.#ordered(field, name);
    if (!this.#scan.keyword('to')) this.#scan.fail('the word to is missing');
    const high = this.#ordered(field, name);
    if (!this.#scan.take(']')) this.#scan.fail('a bracket ] is missing');
    assertInOrder(low, high, column);
    return { kind: 'between', low: { value: low, inclusive: true }, high: { value: high, inclusive: true } };
  }

  #dotted(field: Field, name: FieldName, text: string, column: number): Test | undefined {
    const dots = text.indexOf('..');
    if (dots < 0) return undefined;
    const [low, high] = [text.slice(0, dots), text.slice(dots + 2)];
    const toBound = (written: string, at: number): Bound | undefined => {
      if (written === '') return undefined;
      return { value: this.#one(field, name, written, at), inclusive: true };
    };
    const [from, to] = [toBound(low, column), toBound(high, column + dots + 2)];
    if (from === undefined && to === undefined) throw new QueryError('QUERY_SYNTAX', column, 'a range without ends');
    if (from !== undefined && to !== undefined) assertInOrder(from.value, to.value, column);
    this.#scan.blanks();
    return { kind: 'between', ...(from !== undefined && { low: from }), ...(to !== undefined && { high: to }) };
  }

  #value(field: Field, name: FieldName): Value[] {
    this.#scan.blanks();
    const column = this.#scan.at + 1;
    return this.#toValues(field, name, this.#written(name).text, column);
  }

  #ordered(field: Field, name: FieldName): Value {
    this.#scan.blanks();
    const column = this.#scan.at + 1;
    const value = this.#one(field, name, this.#written(name).text, column);
    this.#scan.blanks();
    return value;
  }

  #one(field: Field, name: FieldName, text: string, column: number): Value {
    const [value] = this.#toValues(field, name, text, column);
    if (value === undefined || value.kind === 'text') {
      throw new QueryError('QUERY_VALUE_INVALID', column, `${quote(text)} has no place in the order of ${name}`);
    }
    return value;
  }

  #toValues(field: Field, name: FieldName, text: string, column: number): Value[] {
    const values = parseValue(field, text);
    if (!Array.isArray(values)) {
      const { problem, proposal } = values;
      throw new QueryError(
        'QUERY_VALUE_INVALID',
        column,
        `${quote(text)} is no value of ${name}: ${problem}`,
        proposal,
      );
    }
    this.#values += values.length;
    if (this.#values > MAX_QUERY_VALUES) {
      throw new QueryError('QUERY_TOO_LARGE', column, `the query has more than ${MAX_QUERY_VALUES} values`);
    }
    return values;
  }

  #written(name: FieldName): { text: string; quoted: boolean } {
    const mark = this.#scan.text[this.#scan.at];
    if (mark === '"' || mark === "'") {
      const end = this.#scan.text.indexOf(mark, this.#scan.at + 1);
      if (end < 0) this.#scan.fail('the quotation has no end');
      const text = this.#scan.text.slice(this.#scan.at + 1, end);
      this.#scan.at = end + 1;
      return { text, quoted: true };
    }
    const text = this.#scan.match(WORD);
    if (text === undefined) this.#scan.fail(`a value of ${name} is missing, such as ${toField(name).example}`);
    return { text, quoted: false };
  }

  #toTerm(field: FieldName, start: number, test: Test): Term {
    this.#scan.blanks();
    return rememberColumn({ kind: 'term', field, test }, start + 1);
  }

  #deeper(parse: () => Query): Query {
    this.#depth += 1;
    if (this.#depth > MAX_QUERY_DEPTH) {
      throw new QueryError('QUERY_TOO_LARGE', this.#scan.at, `the query is more than ${MAX_QUERY_DEPTH} deep`);
    }
    const query = parse();
    this.#depth -= 1;
    return query;
  }
}

function toBetween(compare: Compare, value: Value): Test {
  switch (compare) {
    case '<':
      return { kind: 'between', high: { value, inclusive: false } };
    case '<=':
      return { kind: 'between', high: { value, inclusive: true } };
    case '>':
      return { kind: 'between', low: { value, inclusive: false } };
    default:
      return { kind: 'between', low: { value, inclusive: true } };
  }
}

function assertInOrder(low: Value, high: Value, column: number): void {
  if (isReversed(low, high)) throw new QueryError('QUERY_VALUE_INVALID', column, 'the range ends before it begins');
}
