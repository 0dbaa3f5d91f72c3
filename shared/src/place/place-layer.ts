import type { Place } from './place.ts';
import type { RangeIndex } from './range-index.ts';

/** What one table says: ranges, and the place that each of them stands for. */
export interface PlaceLayer {
  readonly index: RangeIndex;
  readonly places: readonly Place[];
}

/** Gives equal places one number, so that a million ranges share a few thousand of them. */
export class PlaceNumbers {
  readonly places: Place[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(place: Place): number {
    const key = `${place.asn ?? ''}|${place.country ?? ''}|${place.provider ?? ''}|${place.asName ?? ''}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.places.length);
    this.places.push(place);
    return this.places.length - 1;
  }
}
