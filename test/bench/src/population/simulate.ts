import { KINDS, type Kind, MINORS, SILENCES } from './kinds.ts';
import { createRandom, pickSkewed } from './random.ts';

export interface PopulationShape {
  /** In a census; as many are new each week as go. */
  endpoints: number;
  weeks: number;
  /** Of 1,000 control planes those that are another in the next week. */
  changePerMille: number;
  seed: number;
}

export interface Shown {
  /** From 1, as they are first shown. */
  evidence: number;
  /** From 1; several pieces of evidence show one certificate. */
  certificate: number;
  version: string | undefined;
  silence: string | undefined;
  /** Days since 1970. */
  from: number;
  until: number;
}

/** One control plane through its weeks: all its addresses show the same. */
export interface Plane {
  cluster: number;
  kind: Kind;
  network: number;
  /** Numbers of its endpoints, from 1, and of the addresses where they are. */
  endpoints: { endpoint: number; address: number }[];
  /** What it showed, from week to week, both included; the last one may be open. */
  sightings: { shown: Shown; first: number; last: number | undefined; ended: 'changed' | 'gone' | undefined }[];
  /** Weeks in which it was not reached. */
  absences: number[];
}

/** Day of the first census, in days since 1970; a Monday. */
const FIRST_DAY = 20_094;

/** Networks beside those of the clouds: a few have many endpoints. */
const OTHER_NETWORKS = 4000;

/**
 * Plane after plane, the same for the same shape on every machine. Nothing but the plane under way is in memory. A quarter
 * of what changes is gone, and replaced; a third is a renewed certificate, a third another version, the rest not reached.
 */
export function* simulate(shape: PopulationShape): Generator<Plane> {
  const random = createRandom(shape.seed);
  const numbers = { cluster: 0, endpoint: 0, address: 0, evidence: 0, certificate: 0 };
  // Planes that are gone are replaced by others that begin in their week: as many stay.
  const replacements: number[] = [];
  for (let present = 0; present < shape.endpoints; ) {
    const cluster = makeCluster(0);
    for (const plane of cluster) {
      present += plane.endpoints.length;
      yield plane;
    }
  }
  for (let begin = replacements.pop(); begin !== undefined; begin = replacements.pop()) yield* makeCluster(begin, 1);

  function makeCluster(begin: number, planes?: number): Plane[] {
    numbers.cluster += 1;
    const kind = pickKind(random);
    const network =
      kind.networks.length > 0
        ? pickSkewed(random, kind.networks)
        : 60_000 + Math.floor(random() ** 4 * OTHER_NETWORKS);
    const count = planes ?? (random() < 0.3 ? kind.planes : 1);
    // What a cluster runs, its control planes run alike.
    const minor = Math.floor(random() ** 2 * MINORS.length);
    return Array.from({ length: count }, () => makePlane(kind, network, minor, begin));
  }

  function makePlane(kind: Kind, network: number, minor: number, begin: number): Plane {
    const endpoints = Array.from({ length: kind.addresses }, () => toEndpoint());
    const plane: Plane = { cluster: numbers.cluster, kind, network, endpoints, sightings: [], absences: [] };
    // One in twelve answers on a second port of the same address.
    const [head] = endpoints;
    if (head !== undefined && random() < 0.08) {
      numbers.endpoint += 1;
      endpoints.push({ endpoint: numbers.endpoint, address: head.address });
    }
    const answers = random() < kind.answering;
    let running = minor;
    let shown = show(undefined);
    let first = begin + 1;
    for (let week = first + 1; week <= shape.weeks; week += 1) {
      const isDue = FIRST_DAY + (week - 1) * 7 >= shown.until;
      const chance = random() * 1000;
      if (!isDue && chance >= shape.changePerMille) continue;
      const what = isDue ? 0.3 : chance / shape.changePerMille;
      if (what < 0.25) {
        plane.sightings.push({ shown, first, last: week - 1, ended: 'gone' });
        replacements.push(week - 1);
        return plane;
      }
      if (what > 0.9) {
        plane.absences.push(week);
        continue;
      }
      plane.sightings.push({ shown, first, last: week - 1, ended: 'changed' });
      if (what >= 0.6 && running > 0) running -= 1;
      shown = show(what >= 0.6 ? shown : undefined, week);
      first = week;
    }
    plane.sightings.push({ shown, first, last: undefined, ended: undefined });
    return plane;

    function show(before: Shown | undefined, week = begin + 1): Shown {
      numbers.evidence += 1;
      if (before === undefined) numbers.certificate += 1;
      const today = FIRST_DAY + (week - 1) * 7;
      const age = week === 1 ? Math.floor(random() * Math.min(kind.days, 400)) : 0;
      const from = before?.from ?? today - age;
      const version = `v${MINORS[running]}.${Math.floor(random() ** 2 * 14)}${kind.suffix}`;
      return {
        evidence: numbers.evidence,
        certificate: before?.certificate ?? numbers.certificate,
        version: answers ? version : undefined,
        silence: answers ? undefined : pickSkewed(random, SILENCES),
        from,
        until: before?.until ?? from + kind.days,
      };
    }
  }

  function toEndpoint(): { endpoint: number; address: number } {
    numbers.endpoint += 1;
    numbers.address += 1;
    return { endpoint: numbers.endpoint, address: numbers.address };
  }
}

function pickKind(random: () => number): Kind {
  let left = random() * 1000;
  for (const kind of KINDS) {
    left -= kind.share;
    if (left < 0) return kind;
  }
  const [first] = KINDS;
  if (first === undefined) throw new RangeError('there are no kinds');
  return first;
}

/** Addresses lie apart over private ranges, in an order that no number tells; every thirtieth is of IPv6. */
export function toAddressText(address: number): string {
  // Odd multiplier: a permutation of 24 bits.
  const mixed = Math.imul(address, 0x9e3779b1 | 1) & 0xff_ffff;
  if (address % 30 === 29) return `2001:db8:${(mixed >>> 8).toString(16)}::${(mixed & 0xff).toString(16)}`;
  return `10.${mixed >>> 16}.${(mixed >>> 8) & 0xff}.${mixed & 0xff}`;
}

const DAY_MS = 86_400_000;

/** YYYY-MM-DD of days since 1970. */
export function toDay(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

/** Day of a census, from 1. */
export function toCensusDay(week: number): string {
  return toDay(FIRST_DAY + (week - 1) * 7);
}
