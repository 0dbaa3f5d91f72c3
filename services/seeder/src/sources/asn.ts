import { defineLookupSource } from './define-source.ts';

const WORD = /^AS(\d{1,10})$/i;

/** RFC 6793: numbers of 32 bits. */
const MAX_ASN = 0xffff_ffff;

export const asn = defineLookupSource({
  name: 'asn',
  title: 'the prefixes that an autonomous system announces: AS64500',
  recognises: (word) => Number(WORD.exec(word)?.[1] ?? Number.NaN) <= MAX_ASN,
  find: (word, tables) => tables.prefixesOfAsn(Number(WORD.exec(word)?.[1])),
});
