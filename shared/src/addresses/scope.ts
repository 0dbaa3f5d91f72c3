import { createHash } from 'node:crypto';
import { KubecensusError } from '../errors/index.ts';
import type { AddressSet } from './address-set.ts';
import { addressSetByteLength, addressSetFromBytes, addressSetPieces } from './address-set-bytes.ts';
import { partitionByPorts } from './scope-partition.ts';
import { type TargetBlock, TargetSpace } from './target-space.ts';

// `KSC` and the version of the layout; then the number of blocks, and for each: number of ports, ports, length of the
// address set's bytes, those bytes. Counts are 32-bit, ports 16-bit, all big-endian.
const MAGIC = 0x4b53_4301;

/**
 * A frozen set of targets. Canonical: scopes with the same targets have equal blocks, bytes, hash and indexes, however
 * the targets were given. Its blocks share no address, differ in their ports, and are ordered by their ports.
 */
export class Scope {
  /** The targets under one index. */
  readonly space: TargetSpace;

  private constructor(blocks: readonly TargetBlock[]) {
    this.space = TargetSpace.fromBlocks(blocks);
  }

  /**
   * The scope of all given blocks together; a target that lies in several counts once.
   * @throws AddressError ADDRESS_SET_TOO_LARGE over 2^52 targets, ADDRESS_PORT
   */
  static of(blocks: Iterable<TargetBlock>): Scope {
    return new Scope(partitionByPorts(blocks));
  }

  /**
   * Reads what `toBytes` wrote, and nothing else.
   * @throws KubecensusError SCOPE_BYTES_INVALID; AddressError ADDRESS_SET_BYTES
   */
  static fromBytes(bytes: Uint8Array): Scope {
    return new Scope(readBlocks(bytes));
  }

  /** How many targets. */
  get size(): number {
    return this.space.size;
  }

  /** The canonical bytes: what is stored, and hashed for the scope's identity. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.byteLength);
    let at = 0;
    for (const piece of this.pieces()) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  get byteLength(): number {
    return this.space.blocks.reduce(
      (sum, { ports, addresses }) => sum + 8 + ports.length * 2 + addressSetByteLength(addresses),
      8,
    );
  }

  /** The canonical bytes piece by piece, 64 KiB at most, each until the next: a million IPv6 prefixes are 32 MB. */
  *pieces(): Generator<Uint8Array> {
    const header = Buffer.alloc(8);
    header.writeUInt32BE(MAGIC, 0);
    header.writeUInt32BE(this.space.blocks.length, 4);
    yield header;
    for (const { ports, addresses } of this.space.blocks) {
      const head = Buffer.alloc(8 + ports.length * 2);
      head.writeUInt32BE(ports.length, 0);
      ports.forEach((port, index) => {
        head.writeUInt16BE(port, 4 + index * 2);
      });
      head.writeUInt32BE(addressSetByteLength(addresses), 4 + ports.length * 2);
      yield head;
      yield* addressSetPieces(addresses);
    }
  }

  /** SHA-256 of the canonical bytes. */
  hash(): Buffer {
    const hash = createHash('sha256');
    for (const piece of this.pieces()) hash.update(piece);
    return hash.digest();
  }

  /** All ports, ascending. */
  ports(): number[] {
    return [...new Set(this.space.blocks.flatMap((block) => block.ports))].sort((a, b) => a - b);
  }

  /** The targets whose address is not in the set. */
  without(set: AddressSet): Scope {
    return new Scope(this.space.without(set).blocks);
  }
}

function readBlocks(bytes: Uint8Array): TargetBlock[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (length: number): number => {
    if (at + length > bytes.length) throw damaged('ends too early');
    at += length;
    return at - length;
  };
  if (view.byteLength < 8 || view.getUint32(take(4)) !== MAGIC) throw damaged('has no header');
  const blockCount = view.getUint32(take(4));
  const blocks: TargetBlock[] = [];
  for (let block = 0; block < blockCount; block += 1) {
    const portCount = view.getUint32(take(4));
    const portsAt = take(portCount * 2);
    const ports = Array.from({ length: portCount }, (_, index) => view.getUint16(portsAt + index * 2));
    const setLength = view.getUint32(take(4));
    const setAt = take(setLength);
    const addresses = addressSetFromBytes(bytes.subarray(setAt, setAt + setLength));
    if (ports.some((port, index) => port <= (ports[index - 1] ?? 0)))
      throw damaged(`has ports of block ${block} out of order`);
    if (addresses.isEmpty || portCount === 0) throw damaged(`has nothing in block ${block}`);
    blocks.push({ ports, addresses });
  }
  if (at !== bytes.length) throw damaged('goes on after its last block');
  return blocks;
}

function damaged(problem: string): KubecensusError {
  return new KubecensusError(
    'SCOPE_BYTES_INVALID',
    `the stored scope ${problem}; its row in scan_scopes is damaged, plan the scan again`,
  );
}
