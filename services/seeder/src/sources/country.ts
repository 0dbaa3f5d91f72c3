import { defineLookupSource } from './define-source.ts';

const WORD = /^country:([a-z]{2})$/i;

export const country = defineLookupSource({
  name: 'country',
  title: 'the prefixes of a country by its two letters: country:de',
  recognises: (word) => WORD.test(word),
  find: (word, tables) => tables.prefixesOfCountry((WORD.exec(word)?.[1] ?? '').toUpperCase()),
});
