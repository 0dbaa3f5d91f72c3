import { AddressError } from '@kubecensus/shared/addresses';
import { defineLookupSource } from './define-source.ts';

const WORD = /^AS(\d{1,20})$/i;

/** RFC 6793: numbers of 32 bits. */
const MAX_ASN = 0xffff_ffff;

export const asn = defineLookupSource({
  name: 'asn',
  title: 'the prefixes that an autonomous system announces: AS64500',
  recognises: (word) => WORD.test(word),
  async find(word, tables) {
    const number = Number(WORD.exec(word)?.[1]);
    if (number <= MAX_ASN) return await tables.prefixesOfAsn(number);
    throw new AddressError(
      'ADDRESS_MALFORMED',
      word,
      `is no autonomous system: their numbers end at ${MAX_ASN}`,
      'give one such as AS64500',
    );
  },
});
