import { type Node, objectIdentifier, sequence, Tag, universal } from './der.ts';

const ATTRIBUTES = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
} as const;

/** A distinguished name in certificate order, for instance `[['O', 'k3s'], ['CN', 'k3s']]`. */
export type Name = readonly (readonly [keyof typeof ATTRIBUTES, string])[];

/** PrintableString where the characters allow it, else UTF8String: what Go's encoding/asn1 does. */
export function toNameNode(name: Name): Node {
  return sequence(
    ...name.map(([attribute, value]) =>
      universal(Tag.SET, [
        sequence(
          objectIdentifier(ATTRIBUTES[attribute]),
          universal(/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? Tag.PRINTABLESTRING : Tag.UTF8, value),
        ),
      ]),
    ),
  );
}
