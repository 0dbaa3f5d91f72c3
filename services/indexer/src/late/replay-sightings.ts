/** An interval of censuses over which an endpoint showed one evidence; open while `last` is null. */
export interface Sighting {
  evidenceId: number;
  first: number;
  last: number | null;
  ended: Ended | 'changed' | null;
}

export type Ended = 'gone' | 'excluded' | 'out-of-scope';
export type AbsenceReason = 'not-reached' | 'low-recall';

/** All that a series has of one endpoint; sightings in their order. */
export interface Timeline {
  sightings: readonly Sighting[];
  /** Census -> why it was not seen there, and is not gone. */
  absences: ReadonlyMap<number, AbsenceReason>;
}

type Fact = { seen: number } | { absent: AbsenceReason } | { ended: Ended } | undefined;

/**
 * The timeline as it would be had census `at` seen `evidenceId`, and every other census what it saw. Where the endpoint
 * had no sighting then, later censuses did not look for it: it is not reached in them until one saw it, and open after
 * the last, for the next census to judge. The same again changes nothing, and of several censuses the order does not
 * matter.
 * @param lastCensus of the series
 */
export function replaySightings(timeline: Timeline, at: number, evidenceId: number, lastCensus: number): Timeline {
  const facts = toFacts(timeline, lastCensus);
  facts.set(at, { seen: evidenceId });
  const sightings: Sighting[] = [];
  const absences = new Map<number, AbsenceReason>();
  let open: Sighting | undefined;
  const end = (before: number, ended: Sighting['ended']) => {
    if (open !== undefined) Object.assign(open, { last: before - 1, ended });
    open = undefined;
  };
  for (let census = 1; census <= lastCensus; census += 1) {
    const fact = facts.get(census);
    if (fact !== undefined && 'seen' in fact) {
      if (open?.evidenceId === fact.seen) continue;
      end(census, 'changed');
      open = { evidenceId: fact.seen, first: census, last: null, ended: null };
      sightings.push(open);
    } else if (fact !== undefined && 'ended' in fact) {
      end(census, fact.ended);
    } else if (open !== undefined) {
      absences.set(census, fact?.absent ?? 'not-reached');
    }
  }
  return { sightings, absences };
}

/** What each census said of the endpoint; nothing where it had no sighting and was not seen. */
function toFacts({ sightings, absences }: Timeline, lastCensus: number): Map<number, Fact> {
  const facts = new Map<number, Fact>();
  for (const { evidenceId, first, last, ended } of sightings) {
    for (let census = first; census <= (last ?? lastCensus); census += 1) {
      const absent = absences.get(census);
      facts.set(census, absent === undefined ? { seen: evidenceId } : { absent });
    }
    if (last !== null && ended !== null && ended !== 'changed') facts.set(last + 1, { ended });
  }
  return facts;
}

export function isSameTimeline(a: Timeline, b: Timeline): boolean {
  const toText = ({ sightings, absences }: Timeline) =>
    JSON.stringify([
      sightings.map(({ evidenceId, first, last, ended }) => [evidenceId, first, last, ended]),
      [...absences].sort(([one], [other]) => one - other),
    ]);
  return toText(a) === toText(b);
}
