import { AddressError } from './address-error.ts';
import { AddressSet } from './address-set.ts';
import { compareBounds, type Intervals } from './intervals.ts';

// `KAS` and the version of the layout: magic, IPv4 count, IPv6 count, IPv4 intervals, IPv6 intervals.
// Every number is big-endian; an interval is its start and its end. Equal sets have equal bytes.
const MAGIC = 0x4b41_5301;
const HEADER_BYTES = 12;

/** Intervals of one piece: at most 64 KiB, so that a set of tens of MB is hashed or sent without a second copy of it. */
const PIECE_INTERVALS = 2048;

/** The one canonical encoding of a set: hash it for its identity, store it, and read it back with addressSetFromBytes. */
export function addressSetToBytes(set: AddressSet): Uint8Array {
  const bytes = new Uint8Array(addressSetByteLength(set));
  let at = 0;
  for (const piece of addressSetPieces(set)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

export function addressSetByteLength({ ipv4, ipv6 }: AddressSet): number {
  return HEADER_BYTES + ipv4.count * 8 + ipv6.count * 32;
}

/** The same bytes as addressSetToBytes gives, piece by piece. A piece holds only until the next one is asked for. */
export function* addressSetPieces({ ipv4, ipv6 }: AddressSet): Generator<Uint8Array> {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  header.setUint32(0, MAGIC);
  header.setUint32(4, ipv4.count);
  header.setUint32(8, ipv6.count);
  yield new Uint8Array(header.buffer);
  for (const intervals of [ipv4, ipv6]) {
    // One buffer for all: pieces left to the garbage collector would pile up to a copy of the set.
    const buffer = new Uint8Array(Math.min(PIECE_INTERVALS, intervals.count) * intervals.words * 8);
    for (let from = 0; from < intervals.count; from += PIECE_INTERVALS) {
      yield buffer.subarray(
        0,
        writeIntervals(intervals, from, Math.min(from + PIECE_INTERVALS, intervals.count), buffer),
      );
    }
  }
}

/** Gives the number of bytes. */
function writeIntervals({ words, starts, ends }: Intervals, from: number, to: number, bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (let i = from; i < to; i += 1) {
    for (let word = 0; word < words; word += 1) {
      view.setUint32(at + word * 4, starts[i * words + word] as number);
      view.setUint32(at + (words + word) * 4, ends[i * words + word] as number);
    }
    at += words * 8;
  }
  return at;
}

function malformed(problem: string): AddressError {
  return new AddressError(
    'ADDRESS_SET_BYTES',
    'stored address set',
    problem,
    'freeze the scope again; if it was read from the database, its row is damaged',
  );
}

function readIntervals(view: DataView, offset: number, words: 1 | 4, count: number): Intervals {
  const starts = new Uint32Array(count * words);
  const ends = new Uint32Array(count * words);
  const next = new Uint32Array(words);
  for (let i = 0, at = offset; i < count; i += 1, at += words * 8) {
    for (let word = 0; word < words; word += 1) {
      starts[i * words + word] = view.getUint32(at + word * 4);
      ends[i * words + word] = view.getUint32(at + (words + word) * 4);
    }
    if (compareBounds(words, starts, i, ends, i) > 0) throw malformed(`has interval ${i} end before it starts`);
    if (i === 0) continue;
    // `next` is the end of the interval before, plus one: a canonical set starts its next interval after that.
    let carry = 1;
    for (let word = words - 1; word >= 0; word -= 1) {
      const sum = (ends[(i - 1) * words + word] as number) + carry;
      next[word] = sum;
      carry = sum > 0xffff_ffff ? 1 : 0;
    }
    if (carry === 1 || compareBounds(words, starts, i, next, 0) <= 0) {
      throw malformed(`has intervals ${i - 1} and ${i} out of order or touching`);
    }
  }
  return { words, starts, ends, count };
}

/**
 * Reads what addressSetToBytes wrote, and nothing else.
 * @throws AddressError ADDRESS_SET_BYTES
 */
export function addressSetFromBytes(bytes: Uint8Array): AddressSet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint32(0) !== MAGIC) throw malformed('has no header');
  const ipv4Count = view.getUint32(4);
  const ipv6Count = view.getUint32(8);
  const expected = HEADER_BYTES + ipv4Count * 8 + ipv6Count * 32;
  if (bytes.length !== expected) throw malformed(`is ${bytes.length} bytes, not ${expected}`);
  return new AddressSet(
    readIntervals(view, HEADER_BYTES, 1, ipv4Count),
    readIntervals(view, HEADER_BYTES + ipv4Count * 8, 4, ipv6Count),
  );
}
