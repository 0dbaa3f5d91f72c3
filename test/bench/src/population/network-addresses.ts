import { formatIpv4, parseRange } from '@kubecensus/shared/addresses';
import { type Place, PlaceTables, RangeIndexBuilder } from '@kubecensus/shared/place';
import { toPlace } from './record-rows.ts';

/** 10.0.0.0/8. */
const FIRST = 0x0a00_0000;
/** Addresses that a network gets at a time; it uses every third of them. */
const BLOCK = 1024;
const STRIDE = 3;

/** Gives each network addresses of its own in blocks, and says of each block where it lies, as a table of places would. */
export class NetworkAddresses {
  readonly #networkOfBlock: number[] = [];
  readonly #used = new Map<number, { block: number; count: number }>();

  next(network: number): number {
    let held = this.#used.get(network);
    if (held === undefined || (held.count + 1) * STRIDE > BLOCK) {
      held = { block: this.#networkOfBlock.length, count: 0 };
      this.#used.set(network, held);
      this.#networkOfBlock.push(network);
    }
    held.count += 1;
    return FIRST + held.block * BLOCK + (held.count - 1) * STRIDE + 1;
  }

  toPlaceTables(): PlaceTables {
    const places: Place[] = [];
    const numbers = new Map<number, number>();
    const index = new RangeIndexBuilder();
    for (const [block, network] of this.#networkOfBlock.entries()) {
      const begin = FIRST + block * BLOCK;
      let number = numbers.get(network);
      if (number === undefined) {
        number = places.length;
        numbers.set(network, number);
        places.push(toPlaceOf(network));
      }
      index.add(parseRange(`${formatIpv4(begin)}-${formatIpv4(begin + BLOCK - 1)}`), number);
    }
    const source = { table: 'asn', asOf: '2025-01-01', source: 'a benchmark', version: 'bench-1' };
    return new PlaceTables({ own: [{ index: index.build(), places }], published: [] }, [source]);
  }
}

function toPlaceOf(network: number): Place {
  const [, asName, country, provider] = toPlace(network).map((part) => part?.toString());
  return {
    asn: network,
    ...(asName !== undefined && { asName }),
    ...(country !== undefined && { country }),
    ...(provider !== undefined && { provider }),
  };
}
