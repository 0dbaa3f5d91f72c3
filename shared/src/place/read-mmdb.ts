import { type Response as MmdbRecord, Reader } from 'mmdb-lib';
import { formatIpv4, formatIpv6, toIpv6Value } from '../addresses/index.ts';
import { toError } from '../errors/index.ts';
import { TableError } from '../kubernetes/index.ts';
import { cleanText } from '../text/index.ts';
import { MAX_ASN, MAX_NAME_LENGTH, type Place, toCountry } from './place.ts';
import { type PlaceLayer, PlaceNumbers } from './place-layer.ts';
import { RangeIndexBuilder } from './range-index.ts';

export interface Mmdb extends PlaceLayer {
  readonly builtAt: Date;
  /** As the file says of itself: `GeoLite2-ASN`. */
  readonly databaseType: string;
}

/**
 * Reads a whole MaxMind DB file (MaxMind DB File Format Specification 2.0) into ranges. Fields are found under the names
 * that MaxMind, ip-location-db and IPinfo give them; others are passed over.
 * @throws TableError naming the byte and the reason
 */
export function readMmdb(table: string, bytes: Buffer): Mmdb {
  const { reader, tree } = openTree(table, bytes);
  const builder = new RangeIndexBuilder();
  const numbers = new PlaceNumbers();
  const known = new Map<number, number | undefined>();
  // Every node is met once; only a tree that runs into itself has more.
  let visitsLeft = tree.nodeCount * 2 + 256;
  const first = new Uint32Array(4);
  const last = new Uint32Array(4);

  const visit = (node: number, depth: number, family: 4 | 6): void => {
    if (node === tree.nodeCount) return;
    if (node > tree.nodeCount) {
      const value = numberOf(node, family);
      if (value === undefined) return;
      last.set(first);
      for (let bit = depth; bit < BITS[family]; bit += 1) setBit(last, bit);
      if (!builder.addWords(family, first, last, value)) fail(table, tree.offsetOf(node), 'its ranges overlap');
      return;
    }
    // IPv4 lies below ::/96; other ways to it are its aliases.
    if (family === 6 && node === tree.ipv4Start) return;
    visitsLeft -= 1;
    if (depth >= BITS[family] || visitsLeft < 0) fail(table, tree.offsetOf(node), 'its tree runs into itself');
    visit(tree.left(node), depth + 1, family);
    setBit(first, depth);
    visit(tree.right(node), depth + 1, family);
    clearBit(first, depth);
  };

  const numberOf = (node: number, family: 4 | 6): number | undefined => {
    if (known.has(node)) return known.get(node);
    const offset = tree.offsetOf(node);
    if (offset >= bytes.length) fail(table, bytes.length, `its record ${offset} lies behind its end: it is cut off`);
    const place = toPlace(decode(table, reader, offset, formatWords(first, family)));
    const value = place === undefined ? undefined : numbers.numberOf(place);
    known.set(node, value);
    return value;
  };

  visit(tree.ipv4Start, 0, 4);
  if (tree.isIpv6) visitIpv6();
  const index = builder.build();
  if (index.count === 0) fail(table, 0, 'it knows no autonomous system and no country of any address');
  return {
    index,
    places: numbers.places,
    builtAt: reader.metadata.buildEpoch,
    databaseType: cleanText(String(reader.metadata.databaseType), 80),
  };

  function visitIpv6(): void {
    // Beside the path of zeros, so that what is below ::/96 is not taken for IPv6.
    const path: number[] = [];
    for (let node = 0, depth = 0; depth < 96 && node < tree.nodeCount; depth += 1) {
      path.push(node);
      node = tree.left(node);
    }
    for (let depth = path.length - 1; depth >= 0; depth -= 1) {
      first.fill(0);
      setBit(first, depth);
      visit(tree.right(path[depth] ?? 0), depth + 1, 6);
    }
    first.fill(0);
  }
}

const BITS = { 4: 32, 6: 128 } as const;

function formatWords([w0 = 0, w1 = 0, w2 = 0, w3 = 0]: Uint32Array, family: 4 | 6): string {
  return family === 4 ? formatIpv4(w0) : formatIpv6(toIpv6Value(w0, w1, w2, w3));
}

function setBit(words: Uint32Array, bit: number): void {
  words[bit >>> 5] = (words[bit >>> 5] ?? 0) | (1 << (31 - (bit & 31)));
}

function clearBit(words: Uint32Array, bit: number): void {
  words[bit >>> 5] = (words[bit >>> 5] ?? 0) & ~(1 << (31 - (bit & 31)));
}

interface Tree {
  readonly nodeCount: number;
  readonly isIpv6: boolean;
  readonly ipv4Start: number;
  readonly left: (node: number) => number;
  readonly right: (node: number) => number;
  readonly offsetOf: (node: number) => number;
}

function openTree(table: string, bytes: Buffer): { reader: Reader<MmdbRecord>; tree: Tree } {
  let reader: Reader<MmdbRecord>;
  try {
    reader = new Reader<MmdbRecord>(bytes);
  } catch (caught) {
    return fail(
      table,
      bytes.length,
      `no MaxMind DB, or cut off: its metadata cannot be read (${toError(caught).message})`,
    );
  }
  const { nodeCount, recordSize, nodeByteSize, searchTreeSize, ipVersion } = reader.metadata;
  if (!Number.isSafeInteger(nodeCount) || nodeCount < 1 || (ipVersion !== 4 && ipVersion !== 6)) {
    return fail(table, bytes.length, 'its metadata names no tree of IPv4 or IPv6');
  }
  if (searchTreeSize + 16 > bytes.length) {
    return fail(table, bytes.length, `its tree needs ${searchTreeSize} bytes: it is cut off`);
  }
  const read = READERS[recordSize];
  if (read === undefined) return fail(table, bytes.length, `its records have ${recordSize} bits`);
  const left = (node: number) => read.left(bytes, node * nodeByteSize);
  let ipv4Start = 0;
  if (ipVersion === 6) for (let bit = 0; bit < 96 && ipv4Start < nodeCount; bit += 1) ipv4Start = left(ipv4Start);
  return {
    reader,
    tree: {
      nodeCount,
      isIpv6: ipVersion === 6,
      ipv4Start,
      left,
      right: (node) => read.right(bytes, node * nodeByteSize),
      offsetOf: (node) => (node < nodeCount ? node * nodeByteSize : node - nodeCount + searchTreeSize),
    },
  };
}

type ReadRecord = (bytes: Buffer, offset: number) => number;

/** By bits of a record: 28 share a byte between the two, whose upper half belongs to the left one. */
const READERS: Readonly<Record<number, { readonly left: ReadRecord; readonly right: ReadRecord }>> = {
  24: {
    left: (bytes, offset) => bytes.readUIntBE(offset, 3),
    right: (bytes, offset) => bytes.readUIntBE(offset + 3, 3),
  },
  28: {
    left: (bytes, offset) => ((bytes.readUInt8(offset + 3) >>> 4) << 24) | bytes.readUIntBE(offset, 3),
    right: (bytes, offset) => ((bytes.readUInt8(offset + 3) & 0x0f) << 24) | bytes.readUIntBE(offset + 4, 3),
  },
  32: {
    left: (bytes, offset) => bytes.readUInt32BE(offset),
    right: (bytes, offset) => bytes.readUInt32BE(offset + 4),
  },
};

/** What the file says of an address; asked once for each record, whatever the number of ranges that share it. */
function decode(table: string, reader: Reader<MmdbRecord>, offset: number, address: string): unknown {
  try {
    return reader.get(address);
  } catch (caught) {
    return fail(table, offset, `its record cannot be read (${toError(caught).message})`);
  }
}

function fail(table: string, byte: number, reason: string): never {
  throw new TableError(table, byte, reason, 'byte');
}

function toPlace(record: unknown): Place | undefined {
  const asn = readNumber(record, ['autonomous_system_number', 'asn', 'as_number']);
  const asName = readText(record, ['autonomous_system_organization', 'as_organization', 'as_name', 'name']);
  const country = readText(record, ['country_code', 'country_iso_code', 'country']) ?? readNestedCountry(record);
  const code = country === undefined ? undefined : toCountry(country);
  if (asn === undefined && code === undefined) return undefined;
  return {
    ...(asn !== undefined && { asn }),
    ...(asn !== undefined && asName !== undefined && { asName: cleanText(asName, MAX_NAME_LENGTH) }),
    ...(code !== undefined && { country: code }),
  };
}

function fieldOf(record: unknown, name: string): unknown {
  return typeof record === 'object' && record !== null && Object.hasOwn(record, name)
    ? (record as Record<string, unknown>)[name]
    : undefined;
}

function readText(record: unknown, names: readonly string[]): string | undefined {
  const found = names.map((name) => fieldOf(record, name)).find((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found : undefined;
}

/** A number, or `AS64500` as text. */
function readNumber(record: unknown, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = fieldOf(record, name);
    const number = typeof value === 'string' ? Number(/^(?:AS)?(\d{1,10})$/i.exec(value)?.[1]) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= MAX_ASN) return number;
  }
  return undefined;
}

function readNestedCountry(record: unknown): string | undefined {
  return (
    readText(fieldOf(record, 'country'), ['iso_code']) ?? readText(fieldOf(record, 'registered_country'), ['iso_code'])
  );
}
