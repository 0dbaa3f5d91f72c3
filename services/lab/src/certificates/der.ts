import forge from 'node-forge';

const { asn1 } = forge;

export type Node = forge.asn1.Asn1;
export const Tag = asn1.Type;

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
