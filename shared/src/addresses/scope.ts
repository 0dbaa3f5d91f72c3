import { createHash } from 'node:crypto';
import { KubecensusError } from '../errors/index.ts';
import type { Address } from './address.ts';
import { AddressSet } from './address-set.ts';
import { addressSetFromBytes, addressSetToBytes } from './address-set-bytes.ts';
import { partitionByPorts, type ScopeGroup } from './scope-partition.ts';

/** Targets of one scope at most: every index and its arithmetic stay exact in a double. */
export const MAX_SCOPE_TARGETS = 2 ** 52;

// `KSC` and the version of the layout; then the number of groups, and for each: number of ports, ports, length of the
// address set's bytes, those bytes. Counts are 32-bit, ports 16-bit, all big-endian.
const MAGIC = 0x4b53_4301;

/** What to look at: an address and a port. */
export interface Target {
  readonly address: Address;
  readonly port: number;
}

/**
 * A frozen set of targets. Canonical: scopes with the same targets have equal groups, bytes, hash and indexes, however
 * the targets were given. Its groups share no address, differ in their ports, and are ordered by their ports.
 */
export class Scope {
  readonly groups: readonly ScopeGroup[];
  /** How many targets. */
  readonly size: number;
  /** Index of the first target of each group. */
  readonly #firsts: readonly number[];

  private constructor(groups: readonly ScopeGroup[]) {
    const firsts: number[] = [];
    let size = 0n;
    for (const { ports, addresses } of groups) {
      firsts.push(Number(size));
      size += addresses.size * BigInt(ports.length);
    }
    if (size > BigInt(MAX_SCOPE_TARGETS)) {
      throw new KubecensusError(
        'SCOPE_TOO_LARGE',
        `the scope has ${size.toLocaleString('en')} targets, and 2^52 is the most that a scan can hold; ` +
          'give smaller prefixes, or a list of the IPv6 addresses that are known to answer',
      );
    }
    this.groups = groups;
    this.size = Number(size);
    this.#firsts = firsts;
  }

  /**
   * The scope of all given groups together; a target that lies in several counts once.
   * @throws KubecensusError SCOPE_TOO_LARGE
   */
  static of(groups: Iterable<ScopeGroup>): Scope {
    return new Scope(partitionByPorts(groups));
  }

  /**
   * Reads what `toBytes` wrote, and nothing else.
   * @throws KubecensusError SCOPE_BYTES_INVALID; AddressError ADDRESS_SET_BYTES
   */
  static fromBytes(bytes: Uint8Array): Scope {
    return new Scope(readGroups(bytes));
  }

  /** The canonical bytes: what is stored, and hashed for the scope's identity. */
  toBytes(): Uint8Array {
    const header = Buffer.alloc(8);
    header.writeUInt32BE(MAGIC, 0);
    header.writeUInt32BE(this.groups.length, 4);
    const parts: Uint8Array[] = [header];
    for (const { ports, addresses } of this.groups) {
      const set = addressSetToBytes(addresses);
      const head = Buffer.alloc(8 + ports.length * 2);
      head.writeUInt32BE(ports.length, 0);
      ports.forEach((port, index) => {
        head.writeUInt16BE(port, 4 + index * 2);
      });
      head.writeUInt32BE(set.length, 4 + ports.length * 2);
      parts.push(head, set);
    }
    return Buffer.concat(parts);
  }

  /** SHA-256 of the canonical bytes. */
  hash(): Buffer {
    return createHash('sha256').update(this.toBytes()).digest();
  }

  /** All addresses, whatever their ports. */
  addresses(): AddressSet {
    return this.groups.reduce((all, group) => all.union(group.addresses), AddressSet.EMPTY);
  }

  /** All ports, ascending. */
  ports(): number[] {
    return [...new Set(this.groups.flatMap((group) => group.ports))].sort((a, b) => a - b);
  }

  /** The targets whose address is not in the set. */
  without(set: AddressSet): Scope {
    return new Scope(
      this.groups
        .map(({ ports, addresses }) => ({ ports, addresses: addresses.subtract(set) }))
        .filter(({ addresses }) => !addresses.isEmpty),
    );
  }

  /**
   * The target at an index from 0 to size - 1, in the scope's own order: by group, address, port.
   * @throws RangeError for any other index
   */
  nth(index: number): Target {
    if (!Number.isInteger(index) || index < 0 || index >= this.size) {
      throw new RangeError(`${index} is no index of a scope of ${this.size} targets`);
    }
    let low = 0;
    let high = this.#firsts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#firsts[middle] as number) <= index) low = middle;
      else high = middle;
    }
    const { ports, addresses } = this.groups[low] as ScopeGroup;
    const offset = index - (this.#firsts[low] as number);
    const portIndex = offset % ports.length;
    return { address: addresses.nth((offset - portIndex) / ports.length), port: ports[portIndex] as number };
  }

  /** The index of a target, or -1 where the scope has it not: the inverse of `nth`. */
  indexOf({ address, port }: Target): number {
    for (const [group, { ports, addresses }] of this.groups.entries()) {
      const addressIndex = addresses.indexOf(address);
      if (addressIndex < 0) continue;
      const portIndex = ports.indexOf(port);
      return portIndex < 0 ? -1 : (this.#firsts[group] as number) + addressIndex * ports.length + portIndex;
    }
    return -1;
  }

  /** One line for people, such as `256 IPv4 addresses (192.0.2.0/24), ports 443, 6443`. */
  summary(): string {
    const [first, ...others] = this.groups.toSorted((a, b) => (a.addresses.size < b.addresses.size ? 1 : -1));
    if (first === undefined) return 'no targets';
    const ports = first.ports.length > 8 ? `${first.ports.length} ports` : first.ports.join(', ');
    const more =
      others.length === 0
        ? ''
        : `, and ${others.length} more ${others.length === 1 ? 'group' : 'groups'} with other ports`;
    return `${first.addresses.summary()}, ${first.ports.length === 1 ? 'port' : 'ports'} ${ports}${more}`;
  }
}

function readGroups(bytes: Uint8Array): ScopeGroup[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (length: number): number => {
    if (at + length > bytes.length) throw damaged('ends too early');
    at += length;
    return at - length;
  };
  if (view.byteLength < 8 || view.getUint32(take(4)) !== MAGIC) throw damaged('has no header');
  const groupCount = view.getUint32(take(4));
  const groups: ScopeGroup[] = [];
  for (let group = 0; group < groupCount; group += 1) {
    const portCount = view.getUint32(take(4));
    const portsAt = take(portCount * 2);
    const ports = Array.from({ length: portCount }, (_, index) => view.getUint16(portsAt + index * 2));
    const setLength = view.getUint32(take(4));
    const setAt = take(setLength);
    const addresses = addressSetFromBytes(bytes.subarray(setAt, setAt + setLength));
    if (ports.some((port, index) => port <= (ports[index - 1] ?? 0)))
      throw damaged(`has ports of group ${group} out of order`);
    if (addresses.isEmpty || portCount === 0) throw damaged(`has nothing in group ${group}`);
    groups.push({ ports, addresses });
  }
  if (at !== bytes.length) throw damaged('goes on after its last group');
  return groups;
}

function damaged(problem: string): KubecensusError {
  return new KubecensusError(
    'SCOPE_BYTES_INVALID',
    `the stored scope ${problem}; its row in scan_scopes is damaged, plan the scan again`,
  );
}
