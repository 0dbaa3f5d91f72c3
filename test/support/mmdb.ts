import { type AddressRange, parseCidr, prefixLength } from '../../shared/src/addresses/index.ts';

/** What is written of a prefix: maps, texts and numbers of 32 bits, as MaxMind DB files have them. */
export type MmdbValue = string | number | { readonly [key: string]: MmdbValue };

export interface MmdbShape {
  readonly records: Readonly<Record<string, MmdbValue>>;
  readonly recordSize?: 24 | 28 | 32;
  readonly ipVersion?: 4 | 6;
  readonly builtOn?: string;
  /** 2002::/16 leads to the IPv4 addresses, too. */
  readonly alias?: boolean;
}

type Node = [Slot, Slot];
type Slot = Node | { offset: number } | undefined;

/** A small file after the MaxMind DB File Format Specification 2.0. */
export function writeMmdb({
  records,
  recordSize = 24,
  ipVersion = 6,
  builtOn = '2026-10-01',
  alias,
}: MmdbShape): Buffer {
  const root: Node = [undefined, undefined];
  const data: Buffer[] = [];
  let dataBytes = 0;
  for (const [prefix, value] of Object.entries(records)) {
    const encoded = encode(value);
    insert(root, pathOf(parseCidr(prefix), ipVersion), { offset: dataBytes });
    data.push(encoded);
    dataBytes += encoded.length;
  }
  if (alias === true) insert(root, [...'0010000000000010'].map(Number), walk(root, Array<number>(96).fill(0)));
  const nodes: Node[] = [];
  const number = new Map<Node, number>();
  const visit = (node: Node) => {
    if (number.has(node)) return;
    number.set(node, nodes.length);
    nodes.push(node);
    for (const slot of node) if (Array.isArray(slot)) visit(slot);
  };
  visit(root);
  const toRecord = (slot: Slot) => {
    if (slot === undefined) return nodes.length;
    return Array.isArray(slot) ? (number.get(slot) ?? 0) : nodes.length + 16 + slot.offset;
  };
  const tree = Buffer.concat(nodes.map(([left, right]) => pack(toRecord(left), toRecord(right), recordSize)));
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: Date.parse(builtOn) / 1000,
    database_type: 'Test',
    ip_version: ipVersion,
    node_count: nodes.length,
    record_size: recordSize,
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'), metadata]);
}

function pathOf(range: AddressRange, ipVersion: 4 | 6): number[] {
  const length = prefixLength(range) ?? 0;
  const bits = BigInt(range.first)
    .toString(2)
    .padStart(range.family === 4 ? 32 : 128, '0')
    .slice(0, length);
  const path = [...bits].map(Number);
  return range.family === 4 && ipVersion === 6 ? [...Array<number>(96).fill(0), ...path] : path;
}

function insert(root: Node, path: readonly number[], slot: Slot): void {
  let node = root;
  for (const bit of path.slice(0, -1)) {
    const next = node[bit];
    const made: Node = Array.isArray(next) ? next : [undefined, undefined];
    node[bit] = made;
    node = made;
  }
  node[path.at(-1) ?? 0] = slot;
}

function walk(root: Node, path: readonly number[]): Slot {
  let slot: Slot = root;
  for (const bit of path) slot = Array.isArray(slot) ? slot[bit] : undefined;
  return slot;
}

function pack(left: number, right: number, bits: 24 | 28 | 32): Buffer {
  if (bits === 24) return Buffer.concat([number(left, 3), number(right, 3)]);
  if (bits === 32) return Buffer.concat([number(left, 4), number(right, 4)]);
  const shared = ((left >>> 24) << 4) | (right >>> 24);
  return Buffer.concat([number(left & 0xffffff, 3), number(shared, 1), number(right & 0xffffff, 3)]);
}

function number(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number') return Buffer.concat([control(6, 4), number(value, 4)]);
  const entries = Object.entries(value);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, one]) => [encode(key), encode(one)])]);
}

/** Sizes below 29 stand in the control byte itself; longer texts up to 284 in one more. */
function control(type: number, size: number): Buffer {
  return size < 29 ? Buffer.of((type << 5) | size) : Buffer.of((type << 5) | 29, size - 29);
}
