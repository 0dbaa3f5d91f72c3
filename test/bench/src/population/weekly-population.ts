import type { KINDS } from './kinds.ts';
import { NetworkAddresses } from './network-addresses.ts';
import { type PopulationShape, type Shown, simulate } from './simulate.ts';

/** What one control plane begins to show; its endpoints on one port share it. */
export interface BegunShowing {
  readonly port: number;
  /** Positions of the endpoints that show it. */
  readonly endpoints: readonly number[];
  readonly cluster: number;
  readonly kind: (typeof KINDS)[number];
  readonly shown: Shown;
}

interface PlaneRow {
  readonly cluster: number;
  readonly kind: (typeof KINDS)[number];
  readonly first: number;
  readonly count: number;
}

/**
 * A population week by week, from simulate(): who is there, who begins to show something else, who is gone. Endpoints
 * are known by their position, from 0, and keep it; all of the year is made beforehand, so that a week costs no more
 * than reading it.
 */
export class WeeklyPopulation {
  readonly addresses: NetworkAddresses;
  /** IPv4 address and port by position. */
  readonly address: readonly number[];
  readonly port: readonly number[];
  readonly #planeOf: number[] = [];
  readonly #planes: PlaneRow[] = [];
  readonly #begun: [plane: number, shown: Shown][][];
  readonly #gone: number[][];
  readonly #absent: number[][];
  readonly #isThere: Uint8Array;

  constructor(shape: PopulationShape) {
    const [address, port]: [number[], number[]] = [[], []];
    const weeks = () => Array.from({ length: shape.weeks + 2 }, () => []);
    [this.#begun, this.#gone, this.#absent] = [weeks(), weeks(), weeks()];
    this.addresses = new NetworkAddresses();
    for (const { cluster, kind, network, endpoints, sightings, absences } of simulate(shape)) {
      const plane = this.#planes.length;
      this.#planes.push({ cluster, kind, first: address.length, count: endpoints.length });
      const begin = address.length;
      for (const one of endpoints) {
        const isSecond = one !== endpoints[0] && one.address === endpoints[0]?.address;
        address.push(isSecond ? (address[begin] ?? 0) : this.addresses.next(network));
        port.push(isSecond ? 8443 : kind.port);
        this.#planeOf.push(plane);
      }
      for (const { shown, first, last: end, ended } of sightings) {
        this.#begun[first]?.push([plane, shown]);
        if (ended === 'gone' && end !== undefined) this.#gone[end + 1]?.push(plane);
      }
      for (const week of absences) this.#absent[week]?.push(plane);
    }
    [this.address, this.port] = [address, port];
    this.#isThere = new Uint8Array(this.#planes.length);
  }

  /** All that are ever there. */
  get endpoints(): number {
    return this.address.length;
  }

  /** Goes on to a week, from 1, one after the other: what begins to be shown in it, and the endpoints that are gone. */
  advance(week: number): { begun: BegunShowing[]; gone: number[] } {
    for (const plane of this.#absent[week - 1] ?? []) this.#isThere[plane] = 1;
    const gone = this.#gone[week] ?? [];
    for (const plane of gone) this.#isThere[plane] = 0;
    const begun = this.#begun[week] ?? [];
    this.#begun[week] = [];
    for (const [plane] of begun) this.#isThere[plane] = 1;
    for (const plane of this.#absent[week] ?? []) this.#isThere[plane] = 0;
    return {
      begun: begun.flatMap(([plane, shown]) => this.#toShowings(plane, shown)),
      gone: gone.flatMap((plane) => this.#positionsOf(plane)),
    };
  }

  /** Positions of the endpoints that are seen in the week. */
  *seen(): Generator<number> {
    for (let at = 0; at < this.#planeOf.length; at += 1) {
      if (this.#isThere[this.#planeOf[at] ?? 0] === 1) yield at;
    }
  }

  #positionsOf(plane: number): number[] {
    const { first = 0, count = 0 } = this.#planes[plane] ?? {};
    return Array.from({ length: count }, (_, at) => first + at);
  }

  #toShowings(plane: number, shown: Shown): BegunShowing[] {
    const row = this.#planes[plane];
    if (row === undefined) return [];
    const positions = this.#positionsOf(plane);
    return [...new Set(positions.map((at) => this.port[at] ?? 0))].map((port) => ({
      port,
      endpoints: positions.filter((at) => this.port[at] === port),
      cluster: row.cluster,
      kind: row.kind,
      shown,
    }));
  }
}
