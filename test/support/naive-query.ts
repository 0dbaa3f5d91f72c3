import { parseAddress } from '../../shared/src/addresses/index.ts';
import type { PatternPart, Query, Term, Value } from '../../shared/src/history/index.ts';
import { toFreshness } from '../../shared/src/kubernetes/index.ts';
import type { Member } from './recorded-history.ts';

/*
 * What a query means, one endpoint at a time and without an index: slow, plain, and written apart from what compiles it.
 * Answers of the stores are held against it.
 */

export function meets(query: Query, member: Member): boolean {
  switch (query.kind) {
    case 'all':
      return true;
    case 'and':
      return query.of.every((one) => meets(one, member));
    case 'or':
      return query.of.some((one) => meets(one, member));
    case 'not':
      return !meets(query.of, member);
    case 'term':
      return meetsTerm(query, member);
  }
}

/** Members that a question counts: look-alikes and mirrors only where the query asks for them. */
export function select(query: Query, members: readonly Member[]): Member[] {
  const asks = (field: string) => JSON.stringify(query).includes(`"field":"${field}"`);
  const [asksOutcome, asksMirrored] = [asks('outcome'), asks('mirrored')];
  return members.filter(
    (one) => (asksOutcome || one.outcome !== 'look-alike') && (asksMirrored || !one.mirrored) && meets(query, one),
  );
}

const DAY_MS = 86_400_000;
const days = (from: string, to: string) =>
  Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / DAY_MS);

export function toSupport(member: Member): { state: string; last: string } | undefined {
  if (member.minor === null) return undefined;
  const { state, vendor, upstream } = toFreshness(member.minor, member.distribution, member.asOf.slice(0, 10));
  const calendar = vendor ?? upstream;
  if (state === undefined || calendar === undefined) return undefined;
  const left = calendar.extendedDaysLeft ?? calendar.daysLeft;
  return { state, last: new Date(Date.parse(member.asOf.slice(0, 10)) + left * DAY_MS).toISOString().slice(0, 10) };
}

/** The value of a dimension, as answers give it. */
export function toDimensionValue(field: string, member: Member): string | number | boolean | null {
  const [value] = toValues(field, member);
  return value ?? null;
}

type Plain = string | number | boolean;

function toValues(field: string, member: Member): Plain[] {
  const known = (value: Plain | null | undefined): Plain[] => (value === null || value === undefined ? [] : [value]);
  const support = toSupport(member);
  switch (field) {
    case 'ip':
      return [member.address];
    case 'port':
    case 'component':
    case 'distribution':
    case 'confidence':
    case 'version':
    case 'minor':
    case 'exposure':
    case 'silence':
    case 'answering':
    case 'outcome':
    case 'subject':
    case 'issuer':
    case 'asn':
    case 'country':
    case 'provider':
      return known(member[field]);
    case 'cluster':
    case 'template':
      return known(member[field]);
    case 'cluster.age':
      return member.clusterSince === null ? [] : [days(member.clusterSince, member.asOf)];
    case 'mirrored':
      return [member.mirrored];
    case 'as_name':
      return known(member.asName);
    case 'reason':
      return ['marks'];
    case 'san':
      return member.names;
    case 'san.exact':
      return [member.exactSan];
    case 'support':
      return known(support?.state);
    case 'eol':
      return known(support && support.state === 'end-of-life');
    case 'support.left':
      return known(support && days(member.asOf, support.last));
    case 'certificate.from':
      return [member.notBefore.slice(0, 10)];
    case 'certificate.until':
      return [member.notAfter.slice(0, 10)];
    case 'certificate.age':
      return [days(member.notBefore, member.asOf)];
    case 'certificate.left':
      return [days(member.asOf, member.notAfter)];
    case 'first_seen':
      return [member.firstSeenOn];
    case 'seen':
      return [member.asOf.slice(0, 10)];
    default:
      return [];
  }
}

function meetsTerm({ field, test }: Term, member: Member): boolean {
  const values = toValues(field, member);
  if (test.kind === 'known') return values.length > 0;
  if (test.kind === 'any') return values.some((value) => test.of.some((wanted) => equals(value, wanted)));
  return values.some((value) => {
    const { low, high } = test;
    const above = low === undefined || isAbove(value, low.value, low.inclusive);
    return above && (high === undefined || isBelow(value, high.value, high.inclusive));
  });
}

function equals(value: Plain, wanted: Value): boolean {
  switch (wanted.kind) {
    case 'text':
      return likes([...String(value).toLowerCase()], toPieces(wanted.pattern));
    case 'number':
      return value === wanted.number;
    case 'boolean':
      return value === wanted.value;
    case 'duration':
      return value === wanted.days;
    case 'days':
      return value >= wanted.first && value <= wanted.last;
    case 'minor':
    case 'release':
      return numbersOf(value, wanted.kind) === toNumber(wanted);
    case 'network': {
      const key = toKey(String(value));
      return key >= toKey(wanted.first) && key <= toKey(wanted.last);
    }
  }
}

function isAbove(value: Plain, than: Value, inclusive: boolean): boolean {
  if (than.kind === 'days') return inclusive ? value >= than.first : value > than.last;
  const number = than.kind === 'minor' || than.kind === 'release' ? numbersOf(value, than.kind) : Number(value);
  return number !== undefined && (inclusive ? number >= toNumber(than) : number > toNumber(than));
}

function isBelow(value: Plain, than: Value, inclusive: boolean): boolean {
  if (than.kind === 'days') return inclusive ? value <= than.last : value < than.first;
  const number = than.kind === 'minor' || than.kind === 'release' ? numbersOf(value, than.kind) : Number(value);
  return number !== undefined && (inclusive ? number <= toNumber(than) : number < toNumber(than));
}

function toNumber(value: Value): number {
  switch (value.kind) {
    case 'number':
    case 'release':
      return value.number;
    case 'minor':
      return value.minor;
    case 'duration':
      return value.days;
    default:
      throw new TypeError(`${value.kind} is no number`);
  }
}

function numbersOf(text: Plain, kind: 'minor' | 'release'): number | undefined {
  const [major, minor, patch] = String(text).replace(/^v/, '').split(/[-+]/)[0]?.split('.').map(Number) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  if (kind === 'minor') return major * 1000 + minor;
  return patch === undefined ? undefined : (major * 1000 + minor) * 10_000 + patch;
}

function toKey(address: string): string {
  const { family, value } = parseAddress(address);
  return `${family}${value.toString(16).padStart(32, '0')}`;
}

type Piece = string | { wildcard: 'any' | 'one' };

function toPieces(pattern: readonly PatternPart[]): Piece[] {
  return pattern.flatMap((part): Piece[] => ('text' in part ? [...part.text.toLowerCase()] : [part]));
}

function likes(text: readonly string[], pattern: readonly Piece[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (typeof first === 'string') return text[0] === first && likes(text.slice(1), rest);
  if (first.wildcard === 'one') return text.length > 0 && likes(text.slice(1), rest);
  return text.some((_, at) => likes(text.slice(at), rest)) || likes([], rest);
}
