import { type Node, objectIdentifier, sequence, Tag, TEXT, universal } from './der.ts';

const ATTRIBUTES = {
  CN: '2.5.4.3',
  SN: '2.5.4.4',
  SERIALNUMBER: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  T: '2.5.4.12',
  POSTALCODE: '2.5.4.17',
  UID: '0.9.2342.19200300.100.1.1',
  DC: '0.9.2342.19200300.100.1.25',
  E: '1.2.840.113549.1.9.1',
} as const;

type Attribute = keyof typeof ATTRIBUTES;

export const ATTRIBUTE_NAMES = Object.keys(ATTRIBUTES) as readonly Attribute[];

/** A distinguished name in certificate order, for instance `[['O', 'k3s'], ['CN', 'k3s']]`. */
export type Name = readonly (readonly [Attribute, string, (keyof typeof TEXT)?])[];

/** PrintableString where the characters allow it, else UTF8String, as Go's encoding/asn1 does; unless it is told. */
export function toNameNode(name: Name): Node {
  return sequence(
    ...name.map(([attribute, value, told]) => {
      const encoding = told ?? (/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? 'printable' : 'utf8');
      return universal(Tag.SET, [sequence(objectIdentifier(ATTRIBUTES[attribute]), TEXT[encoding](value))]);
    }),
  );
}
