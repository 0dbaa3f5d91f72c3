import { type Address, AddressSet, AddressSetBuilder, classify, parseAddress } from '../addresses/index.ts';
import type { Place } from './place.ts';
import type { PlaceLayer } from './place-layer.ts';
import { toProvider } from './providers-table.ts';
import { NOT_FOUND } from './range-index.ts';

/** A table that answers rest on: what an answer has to name. */
export interface PlaceSource {
  readonly table: string;
  /** YYYY-MM-DD. */
  readonly asOf: string;
  readonly source: string;
  /** Tells two states of the table apart: the SHA-256 of its bytes, or the data package with its version. */
  readonly version: string;
  /** What the licence of the data asks to be said wherever it is shown. */
  readonly attribution?: string;
}

/** Nothing is known. */
export const NOWHERE: Place = Object.freeze({});

/** Combinations of places that are remembered; there are as many as pairs of country and autonomous system in use. */
const MAX_COMBINED = 400_000;

export interface PlaceLayers {
  /** The operator's: they may speak of any address. */
  readonly own: readonly PlaceLayer[];
  /** Published ones: of addresses that are not the Internet's (RFC 6890) they say nothing, and are not asked. */
  readonly published: readonly PlaceLayer[];
}

/** Where addresses lie, by all tables in force: what an earlier table does not say is taken from the next. */
export class PlaceTables {
  readonly sources: readonly PlaceSource[];
  readonly #own: readonly PlaceLayer[];
  readonly #all: readonly PlaceLayer[];
  readonly #combined = new Map<string, Place>();

  constructor({ own, published }: PlaceLayers, sources: readonly PlaceSource[]) {
    this.#own = own;
    this.#all = [...own, ...published];
    this.sources = sources;
  }

  /** Bytes of the ranges; names and numbers come to about as much again. */
  get bytes(): number {
    return this.#all.reduce((sum, { index }) => sum + index.bytes, 0);
  }

  find(address: Address): Place {
    const layers = classify(address) !== 'public' ? this.#own : this.#all;
    let key = '';
    for (const { index } of layers) key += `${index.find(address)} `;
    const known = this.#combined.get(key);
    if (known !== undefined) return known;
    if (this.#combined.size >= MAX_COMBINED) this.#combined.clear();
    const place = combine(layers, address);
    this.#combined.set(key, place);
    return place;
  }

  /** @throws AddressError */
  findText(address: string): Place {
    return this.find(parseAddress(address));
  }

  /** The prefixes that an autonomous system announces; empty for one that is not known. */
  prefixesOfAsn(asn: number): AddressSet {
    return this.#addressesWith((place) => place.asn, asn);
  }

  /** The prefixes of a country by its ISO 3166-1 code in upper case; empty for one that is not known. */
  prefixesOfCountry(code: string): AddressSet {
    return this.#addressesWith((place) => place.country, code);
  }

  /** What an earlier table says of an address goes before what a later one says, as in `find`. */
  #addressesWith(read: (place: Place) => string | number | undefined, wanted: string | number): AddressSet {
    let found = AddressSet.EMPTY;
    let decided = AddressSet.EMPTY;
    for (const { index, places } of this.#all) {
      const said = places.map(read);
      if (said.every((one) => one === undefined)) continue;
      const here = new AddressSetBuilder();
      const others = new AddressSetBuilder();
      for (const { range, value } of index.ranges()) {
        if (said[value] === wanted) here.add(range);
        else if (said[value] !== undefined) others.add(range);
      }
      found = found.union(here.build().subtract(decided));
      decided = decided.union(others.build());
    }
    return found;
  }
}

function combine(layers: readonly PlaceLayer[], address: Address): Place {
  let place: Place | undefined;
  for (const { index, places } of layers) {
    const number = index.find(address);
    const found = number === NOT_FOUND ? undefined : places[number];
    if (found === undefined) continue;
    // A number and its name are of one table: an operator's number never gets another's name.
    const { asName: _other, ...rest } = found;
    place = place === undefined ? found : { ...(place.asn === undefined ? found : rest), ...place };
  }
  if (place === undefined) return NOWHERE;
  const provider = place.provider ?? (place.asn === undefined ? undefined : toProvider(place.asn));
  return Object.freeze({ ...place, ...(provider !== undefined && { provider }) });
}
