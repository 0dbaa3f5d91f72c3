import forge from 'node-forge';

const { asn1 } = forge;

export type Node = forge.asn1.Asn1;
export const Tag = asn1.Type;
/** String types that node-forge has no name for. */
const TELETEX_STRING = 20 as forge.asn1.Type;
const UNIVERSAL_STRING = 28 as forge.asn1.Type;

export function universal(tag: forge.asn1.Type, value: Node[] | Buffer | string): Node {
  const constructed = Array.isArray(value);
  const bytes = constructed ? value : Buffer.from(value).toString('binary');
  return asn1.create(asn1.Class.UNIVERSAL, tag, constructed, bytes);
}

/** A context-specific tag; its value is primitive when it is bytes. */
export function context(tag: number, value: Node[] | Buffer): Node {
  const constructed = Array.isArray(value);
  return asn1.create(
    asn1.Class.CONTEXT_SPECIFIC,
    tag as forge.asn1.Type,
    constructed,
    constructed ? value : value.toString('binary'),
  );
}

export function sequence(...values: Node[]): Node {
  return universal(Tag.SEQUENCE, values);
}

export function objectIdentifier(dotted: string): Node {
  return asn1.create(asn1.Class.UNIVERSAL, Tag.OID, false, asn1.oidToDer(dotted).getBytes());
}

export function bitString(bytes: Buffer, unusedBits = 0): Node {
  return universal(Tag.BITSTRING, Buffer.concat([Buffer.of(unusedBits), bytes]));
}

export function boolean(value: boolean): Node {
  return universal(Tag.BOOLEAN, Buffer.of(value ? 0xff : 0));
}

/** UTCTime to 2049, GeneralizedTime after it (RFC 5280 section 4.1.2.5). */
export function time(at: Date): Node {
  const digits = at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  return at.getUTCFullYear() < 2050 ? universal(Tag.UTCTIME, digits.slice(2)) : universal(Tag.GENERALIZEDTIME, digits);
}

export function fromDer(der: Buffer): Node {
  return asn1.fromDer(der.toString('binary'));
}

export function toDer(node: Node): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'binary');
}

/** Text as each string type of X.680 carries it; the eight-bit types get UTF-8, as those who misuse them give them. */
export const TEXT = {
  utf8: (text: string) => universal(Tag.UTF8, text),
  printable: (text: string) => universal(Tag.PRINTABLESTRING, text),
  ia5: (text: string) => universal(Tag.IA5STRING, text),
  teletex: (text: string) => universal(TELETEX_STRING, text),
  // node-forge writes the two octets of each unit itself.
  bmp: (text: string) => asn1.create(asn1.Class.UNIVERSAL, Tag.BMPSTRING, false, text),
  universal: (text: string) => {
    const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
    const bytes = Buffer.alloc(4 * points.length);
    for (const [index, point] of points.entries()) bytes.writeUInt32BE(point, 4 * index);
    return universal(UNIVERSAL_STRING, bytes);
  },
} as const;
