import { isIPv4, isIPv6 } from 'node:net';
import { bitString, boolean, context, type Node, objectIdentifier, sequence, Tag, toDer, universal } from './der.ts';
import { type Name, toNameNode } from './name.ts';

/** One certificate extension. Their order in a certificate is part of what tells its maker. */
export type Extension =
  | { type: 'key-usage'; bits: readonly KeyUsageBit[]; critical: boolean }
  | { type: 'extended-key-usage'; server: boolean; client: boolean }
  | { type: 'basic-constraints'; ca: boolean; critical: boolean }
  | { type: 'subject-key-id'; id: Buffer }
  | { type: 'authority-key-id'; id: Buffer; issuer?: { name: Name; serial: Buffer } }
  /** Text that some browsers showed, and some makers of certificates still leave. */
  | { type: 'netscape-comment'; text: string }
  /** `DNS:name`, `IP:address`, `URI:...` and `EMAIL:...` in their order; `OCTETS:...` stands where an address should. */
  | { type: 'subject-alternative-name'; names: readonly string[] };

/** Bit numbers of RFC 5280 section 4.2.1.3. */
const KEY_USAGE_BITS = { digitalSignature: 0, keyEncipherment: 2, dataEncipherment: 3, keyCertSign: 5 } as const;
type KeyUsageBit = keyof typeof KEY_USAGE_BITS;

function keyUsage(bits: readonly KeyUsageBit[]): Node {
  const numbers: number[] = bits.map((bit) => KEY_USAGE_BITS[bit]);
  const byte = numbers.reduce((sum, number) => sum | (0x80 >> number), 0);
  return bitString(Buffer.of(byte), 7 - Math.max(...numbers));
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  if (!isIPv6(address)) throw new RangeError(`${address} is no IP address; write DNS:${address}`);
  const [head = '', tail] = address.split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = new Array<string>(8 - before.length - after.length).fill('0');
  const groups = [...before, ...zeros, ...after];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function generalName(name: string): Node {
  if (name.startsWith('DNS:')) return context(2, Buffer.from(name.slice(4), 'utf8'));
  if (name.startsWith('IP:')) return context(7, addressBytes(name.slice(3)));
  if (name.startsWith('URI:')) return context(6, Buffer.from(name.slice(4), 'utf8'));
  if (name.startsWith('EMAIL:')) return context(1, Buffer.from(name.slice(6), 'utf8'));
  if (name.startsWith('OCTETS:')) return context(7, Buffer.from(name.slice(7), 'utf8'));
  throw new RangeError(`a subject alternative name starts with DNS:, IP:, URI:, EMAIL: or OCTETS:, unlike ${name}`);
}

function value(extension: Extension): { oid: string; critical: boolean; node: Node } {
  switch (extension.type) {
    case 'key-usage':
      return { oid: '2.5.29.15', critical: extension.critical, node: keyUsage(extension.bits) };
    case 'extended-key-usage': {
      const purposes = [
        ...(extension.server ? ['1.3.6.1.5.5.7.3.1'] : []),
        ...(extension.client ? ['1.3.6.1.5.5.7.3.2'] : []),
      ];
      return { oid: '2.5.29.37', critical: false, node: sequence(...purposes.map(objectIdentifier)) };
    }
    case 'basic-constraints':
      return {
        oid: '2.5.29.19',
        critical: extension.critical,
        node: extension.ca ? sequence(boolean(true)) : sequence(),
      };
    case 'subject-key-id':
      return { oid: '2.5.29.14', critical: false, node: universal(Tag.OCTETSTRING, extension.id) };
    case 'authority-key-id': {
      const parts = [context(0, extension.id)];
      if (extension.issuer !== undefined) {
        parts.push(context(1, [context(4, [toNameNode(extension.issuer.name)])]), context(2, extension.issuer.serial));
      }
      return { oid: '2.5.29.35', critical: false, node: sequence(...parts) };
    }
    case 'netscape-comment':
      return { oid: '2.16.840.1.113730.1.13', critical: false, node: universal(Tag.IA5STRING, extension.text) };
    case 'subject-alternative-name':
      return { oid: '2.5.29.17', critical: false, node: sequence(...extension.names.map(generalName)) };
  }
}

export function toExtensionNode(extension: Extension): Node {
  const { oid, critical, node } = value(extension);
  const octets = universal(Tag.OCTETSTRING, toDer(node));
  return sequence(objectIdentifier(oid), ...(critical ? [boolean(true)] : []), octets);
}
