import { KINDS, type Kind, SILENCES } from './kinds.ts';
import { NetworkAddresses } from './network-addresses.ts';
import { type PopulationShape, simulate } from './simulate.ts';

/** What one control plane begins to show; its endpoints on one port share it. */
export interface BegunShowing {
  readonly port: number;
  /** Positions of the endpoints that show it. */
  readonly endpoints: readonly number[];
  readonly cluster: number;
  readonly kind: Kind;
  readonly certificate: number;
  /** Undefined where it does not tell. */
  readonly version: string | undefined;
  readonly silence: string | undefined;
  /** Validity of the certificate, in days since 1970. */
  readonly from: number;
  readonly until: number;
}

/** What begins to be shown in a week, read as it is needed. */
export interface BegunShowings {
  readonly count: number;
  /** Of the planes from one to another, at most `count`; a plane with two ports shows two. */
  slice(from: number, to: number): BegunShowing[];
}

/**
 * A population week by week, from simulate(): who is there, who begins to show something else, who is gone. Endpoints
 * are known by their position, from 0, and keep it. All of the years is made beforehand, in typed arrays: a million of
 * objects would be marked again and again while what is measured collects its garbage.
 */
export class WeeklyPopulation {
  readonly addresses = new NetworkAddresses();
  /** IPv4 address and port by position. */
  readonly address: Uint32Array;
  readonly port: Uint16Array;
  readonly #planeOf: Uint32Array;
  /** By plane: kind, cluster, first position and how many. */
  readonly #planes: { kind: Uint8Array; cluster: Uint32Array; first: Uint32Array; count: Uint8Array };
  /** By showing: certificate, number of the version or 0, number of the silence, validity. */
  readonly #showings: Uint32Array;
  readonly #versions: string[] = [''];
  /** By week, pairs of plane and showing. */
  readonly #begun: Uint32Array[];
  readonly #gone: Uint32Array[];
  readonly #absent: Uint32Array[];
  readonly #isThere: Uint8Array;

  constructor(shape: PopulationShape) {
    const weeks = (): number[][] => Array.from({ length: shape.weeks + 2 }, () => []);
    const [begun, gone, absent] = [weeks(), weeks(), weeks()];
    const rows = {
      address: [],
      port: [],
      planeOf: [],
      kind: [],
      cluster: [],
      first: [],
      count: [],
      showings: [],
    } as Record<'address' | 'port' | 'planeOf' | 'kind' | 'cluster' | 'first' | 'count' | 'showings', number[]>;
    const versions = new Map<string, number>();
    for (const { cluster, kind, network, endpoints, sightings, absences } of simulate(shape)) {
      const [plane, begin] = [rows.kind.length, rows.address.length];
      rows.kind.push(KINDS.indexOf(kind));
      rows.cluster.push(cluster);
      rows.first.push(begin);
      rows.count.push(endpoints.length);
      for (const one of endpoints) {
        const isSecond = one !== endpoints[0] && one.address === endpoints[0]?.address;
        rows.address.push(isSecond ? (rows.address[begin] ?? 0) : this.addresses.next(network));
        rows.port.push(isSecond ? 8443 : kind.port);
        rows.planeOf.push(plane);
      }
      for (const { shown, first, last, ended } of sightings) {
        const { version = '' } = shown;
        if (version !== '' && !versions.has(version)) versions.set(version, this.#versions.push(version) - 1);
        begun[first]?.push(plane, rows.showings.length / SHOWING);
        const silence = SILENCES.indexOf(shown.silence ?? '');
        rows.showings.push(shown.certificate, versions.get(version) ?? 0, silence + 1, shown.from, shown.until);
        if (ended === 'gone' && last !== undefined) gone[last + 1]?.push(plane);
      }
      for (const week of absences) absent[week]?.push(plane);
    }
    this.address = Uint32Array.from(rows.address);
    this.port = Uint16Array.from(rows.port);
    this.#planeOf = Uint32Array.from(rows.planeOf);
    this.#planes = {
      kind: Uint8Array.from(rows.kind),
      cluster: Uint32Array.from(rows.cluster),
      first: Uint32Array.from(rows.first),
      count: Uint8Array.from(rows.count),
    };
    this.#showings = Uint32Array.from(rows.showings);
    const pack = (lists: number[][]) => lists.map((list) => Uint32Array.from(list));
    [this.#begun, this.#gone, this.#absent] = [pack(begun), pack(gone), pack(absent)];
    this.#isThere = new Uint8Array(rows.kind.length);
  }

  /** Goes on to a week, from 1, one after the other: what begins to be shown in it, and the endpoints that are gone. */
  advance(week: number): { begun: BegunShowings; gone: number[] } {
    const [begun = NONE, gone = NONE] = [this.#begun[week], this.#gone[week]];
    for (const plane of this.#absent[week - 1] ?? NONE) this.#isThere[plane] = 1;
    for (const plane of gone) this.#isThere[plane] = 0;
    for (let at = 0; at < begun.length; at += 2) this.#isThere[begun[at] ?? 0] = 1;
    for (const plane of this.#absent[week] ?? NONE) this.#isThere[plane] = 0;
    return {
      begun: {
        count: begun.length / 2,
        slice: (from, to) => {
          const showings: BegunShowing[] = [];
          for (let at = from * 2; at < Math.min(to * 2, begun.length); at += 2) {
            showings.push(...this.#toShowings(begun[at] ?? 0, begun[at + 1] ?? 0));
          }
          return showings;
        },
      },
      gone: [...gone].flatMap((plane) => this.#positionsOf(plane)),
    };
  }

  /** Positions of the endpoints that are seen in the week. */
  seen(): Uint32Array {
    const isSeen = (_: number, at: number) => this.#isThere[this.#planeOf[at] ?? 0] === 1;
    return Uint32Array.from(this.#planeOf.keys()).filter(isSeen);
  }

  #positionsOf(plane: number): number[] {
    const first = this.#planes.first[plane] ?? 0;
    return Array.from({ length: this.#planes.count[plane] ?? 0 }, (_, at) => first + at);
  }

  #toShowings(plane: number, showing: number): BegunShowing[] {
    const kind = KINDS[this.#planes.kind[plane] ?? 0];
    if (kind === undefined) throw new RangeError(`there is no plane ${plane}`);
    const [certificate = 0, version = 0, silence = 0, from = 0, until = 0] = this.#showings.subarray(showing * SHOWING);
    const positions = this.#positionsOf(plane);
    return [...new Set(positions.map((at) => this.port[at] ?? 0))].map((port) => ({
      port,
      endpoints: positions.filter((at) => this.port[at] === port),
      cluster: this.#planes.cluster[plane] ?? 0,
      kind,
      certificate,
      version: version === 0 ? undefined : this.#versions[version],
      silence: silence === 0 ? undefined : SILENCES[silence - 1],
      from,
      until,
    }));
  }
}

/** Numbers in a showing. */
const SHOWING = 5;
const NONE = new Uint32Array(0);
