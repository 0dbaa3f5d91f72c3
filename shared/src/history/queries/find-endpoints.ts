import { parseAddress } from '../../addresses/index.ts';
import type { Query, Term } from '../language/index.ts';
import { toAddressKey } from '../language/index.ts';
import type { PublishedSeries } from '../open-history.ts';
import { type ProfileRow, readProfiles } from '../spans/aspect-rows.ts';
import { listRows } from '../spans/each-block.ts';
import type { Spans } from '../spans/load-spans.ts';
import { BLOCK, prepareQuestion } from '../spans/row-test.ts';
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

/** The first endpoints of a published census that meet a query, by address, port and component. */
export async function findEndpoints(series: PublishedSeries, question: FindQuestion): Promise<FoundSpan[]> {
  const { censusNumber, limit, after } = question;
  const spans = await series.spans();
  const meets = await prepareQuestion(spans, toPresent(question.query), question.asOf, question.evidenceOf);
  const profiles = await readProfiles(spans);
  const profile = spans.aspects.profile;
  const host = spans.host;
  const begin = after === undefined ? { at: 0, host: -1 } : toBegin(spans, after.address);
  const found: number[] = [];
  const rows = new Int32Array(BLOCK);
  for (let from = begin.at; from < spans.length; from += BLOCK) {
    const until = Math.min(from + BLOCK, spans.length);
    const count = meets.keep(spans, rows, listRows(spans, censusNumber, from, until, rows));
    for (let at = 0; at < count; at += 1) {
      const row = rows[at] as number;
      if (host[row] !== begin.host || isBehind(row)) found.push(row);
    }
    // Endpoints of one address are put into their order below, so all of its rows are needed.
    const last = found[limit - 1];
    if (last !== undefined && (host[until - 1] as number) > (host[last] as number)) break;
  }
  const ordered = found.sort((a, b) => (host[a] as number) - (host[b] as number) || comparePlaces(a, b));
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

type Place = Pick<ProfileRow, 'port' | 'component'>;

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
