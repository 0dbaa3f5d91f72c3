import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSameTimeline, replaySightings, type Sighting, type Timeline } from './replay-sightings.ts';

const LAST = 8;

/** A sighting from its text: `2-4 gone 7` is evidence 7 in censuses 2 to 4, then gone. */
function timeline(texts: readonly string[], absent: readonly number[] = []): Timeline {
  const sightings = texts.map((text): Sighting => {
    const [, first, last, ended, evidence] = /^(\d)-(\d)? ?([a-z-]*) ?(\d)$/.exec(text) ?? [];
    return {
      evidenceId: Number(evidence),
      first: Number(first),
      last: last === undefined ? null : Number(last),
      ended: last === undefined ? null : (ended as Sighting['ended']),
    };
  });
  return { sightings, absences: new Map(absent.map((census) => [census, 'not-reached'])) };
}

it.each<[string, Timeline, number, number, Timeline]>([
  ['the same evidence in a census that has it', timeline(['1- 1']), 3, 1, timeline(['1- 1'])],
  ['the same evidence where it was not reached', timeline(['1- 1'], [3]), 3, 1, timeline(['1- 1'])],
  ['other evidence in mid-sighting', timeline(['1- 1']), 3, 2, timeline(['1-2 changed 1', '3-3 changed 2', '4- 1'])],
  [
    'evidence that the next census shows too',
    timeline(['1-3 changed 1', '4- 2']),
    3,
    2,
    timeline(['1-2 changed 1', '3- 2']),
  ],
  ['an endpoint that the series never had', timeline([]), 7, 1, timeline(['7- 1'], [8])],
  ['one that the series has since later', timeline(['6- 1']), 4, 1, timeline(['4- 1'], [5])],
  ['one that this census had proved gone', timeline(['1-3 gone 1', '6- 1']), 4, 1, timeline(['1- 1'], [5])],
  ['one that was gone and stays it', timeline(['1-3 gone 1']), 2, 1, timeline(['1-3 gone 1'])],
  [
    'one that was gone, in a census after that',
    timeline(['1-3 gone 1']),
    6,
    1,
    timeline(['1-3 gone 1', '6- 1'], [7, 8]),
  ],
])('late data is replayed into the timeline: %s', (_, before, at, evidence, after) => {
  expect(replaySightings(before, at, evidence, LAST)).toEqual(after);
});

const census = fc.integer({ min: 1, max: LAST });
const evidence = fc.integer({ min: 1, max: 3 });
/** Timelines that a series can have: what replaying into nothing comes to, with ends. */
const timelines = fc.array(fc.record({ census, evidence, isGone: fc.boolean() }), { maxLength: 6 }).map((looks) => {
  let built: Timeline = { sightings: [], absences: new Map() };
  for (const { census: at, evidence: shown, isGone } of looks) {
    built = replaySightings(built, at, shown, LAST);
    const open = built.sightings.at(-1);
    if (!isGone || open === undefined || open.last !== null || open.first === LAST) continue;
    const last = LAST - 1;
    const sightings = [...built.sightings.slice(0, -1), { ...open, last, ended: 'gone' as const }];
    built = { sightings, absences: new Map([...built.absences].filter(([absent]) => absent <= last)) };
  }
  return built;
});

/** What each census has: an evidence, or nothing. */
function seen({ sightings, absences }: Timeline): (number | undefined)[] {
  return Array.from({ length: LAST }, (_, index) => {
    const at = index + 1;
    if (absences.has(at)) return undefined;
    return sightings.find(({ first, last }) => first <= at && (last ?? LAST) >= at)?.evidenceId;
  });
}

it('a late look changes what its own census has, and what no other has', () => {
  fc.assert(
    fc.property(timelines, census, evidence, (before, at, shown) => {
      const after = replaySightings(before, at, shown, LAST);
      expect(seen(after)).toEqual(seen(before).with(at - 1, shown));
      for (const [index, { first, last }] of after.sightings.entries()) {
        expect(first).toBeLessThanOrEqual(last ?? LAST);
        expect(first).toBeGreaterThan(after.sightings[index - 1]?.last ?? 0);
        expect(last === null).toBe(index === after.sightings.length - 1 && last === null);
      }
    }),
    { seed: 1 },
  );
});

it('the same look twice changes nothing, and of two the order does not matter', () => {
  fc.assert(
    fc.property(timelines, census, census, evidence, evidence, (before, one, other, first, second) => {
      const once = replaySightings(before, one, first, LAST);
      expect(isSameTimeline(replaySightings(once, one, first, LAST), once)).toBe(true);
      if (one === other) return;
      const reversed = replaySightings(replaySightings(before, other, second, LAST), one, first, LAST);
      expect(replaySightings(once, other, second, LAST)).toEqual(reversed);
    }),
    { seed: 1 },
  );
});
