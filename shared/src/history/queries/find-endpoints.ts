import { parseAddress } from '../../addresses/index.ts';
import type { Query, Term } from '../language/index.ts';
import { toAddressKey } from '../language/index.ts';
import type { PublishedSeries } from '../open-history.ts';
import type { SpanColumns, Spans } from '../spans/load-spans.ts';
import { prepareQuestion, restrictToCensus } from '../spans/row-test.ts';
import { toPresent } from './asked.ts';

export interface FindQuestion {
  query: Query;
  censusNumber: number;
  /** Day of the census, YYYY-MM-DD. */
  asOf: string;
  limit: number;
  /** The last endpoint of the page before. */
  after?: { address: string; port: number; component: string };
  /** Evidence in which a term about something that is kept in the record alone holds. */
  evidenceOf?: ReadonlyMap<Term, ReadonlySet<number>>;
}

/** An endpoint as the record knows it. */
export interface FoundSpan {
  endpointId: number;
  evidenceId: number;
}

/** Intervals that are looked at together: a page is often full after the first. */
const PIECE = 131_072;

/** The first endpoints of a published census that meet a query, by address, port and component. */
export async function findEndpoints(series: PublishedSeries, question: FindQuestion): Promise<FoundSpan[]> {
  const { censusNumber, limit, after } = question;
  const spans = await series.spans();
  const meets = await prepareQuestion(spans, toPresent(question.query), question.asOf, question.evidenceOf);
  const profiles = await readPorts(spans);
  const profile = spans.aspects.profile;
  const host = spans.host;
  const begin = after === undefined ? { at: 0, host: -1 } : toBegin(spans, after.address);
  const found: number[] = [];
  for (let from = begin.at; from < spans.length && found.length < limit; ) {
    let until = Math.min(from + PIECE, spans.length);
    // All endpoints of an address are of one piece, so that they can be ordered.
    while (until < spans.length && host[until] === host[until - 1]) until += 1;
    const piece = cut(spans, from, until);
    const chosen = restrictToCensus(piece, meets(piece), censusNumber);
    for (let at = 0; at < chosen.length; at += 1) if (chosen[at] === 1) found.push(from + at);
    from = until;
  }
  const ordered = found
    .sort((a, b) => (host[a] as number) - (host[b] as number) || comparePlaces(a, b))
    .filter((at) => host[at] !== begin.host || isBehind(at));
  return ordered.slice(0, limit).map((at) => ({
    endpointId: spans.endpointId[at] as number,
    evidenceId: spans.evidenceId[at] as number,
  }));

  function placeOf(at: number): Place {
    return profiles[profile[at] as number] ?? { port: 0, component: '' };
  }

  function comparePlaces(a: number, b: number): number {
    return compare(placeOf(a), placeOf(b));
  }

  function isBehind(at: number): boolean {
    return after !== undefined && compare(placeOf(at), after) > 0;
  }
}

interface Place {
  port: number;
  component: string;
}

function compare(a: Place, b: Place): number {
  return a.port - b.port || (a.component < b.component ? -1 : a.component > b.component ? 1 : 0);
}

/** Where the intervals of an address, or of the next one, begin; and the number of the address where it is known. */
function toBegin(spans: Spans, address: string): { at: number; host: number } {
  const key = toAddressKey(parseAddress(address));
  const { from, until } = spans.hosts.range(key, key);
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans.host[middle] as number) >= from) high = middle;
    else low = middle + 1;
  }
  return { at: low, host: until > from ? from : -1 };
}

function cut(spans: SpanColumns, from: number, until: number): SpanColumns {
  const of = (column: Int32Array) => column.subarray(from, until);
  const aspects = Object.fromEntries(Object.entries(spans.aspects).map(([aspect, column]) => [aspect, of(column)]));
  return {
    length: until - from,
    lastCensus: spans.lastCensus,
    group: of(spans.group),
    host: of(spans.host),
    first: of(spans.first),
    last: of(spans.last),
    aspects: aspects as SpanColumns['aspects'],
    ...(spans.evidenceId !== undefined && { evidenceId: spans.evidenceId.subarray(from, until) }),
  };
}

const known = new WeakMap<Spans, Promise<Place[]>>();

function readPorts(spans: Spans): Promise<Place[]> {
  const present = known.get(spans);
  if (present !== undefined) return present;
  const reading = spans.read<Place>('profile', 'port, component');
  known.set(spans, reading);
  // What failed is tried again by the next question.
  reading.catch(() => known.delete(spans));
  return reading;
}
