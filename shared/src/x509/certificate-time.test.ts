import fc from 'fast-check';
import { expect, it } from 'vitest';
import { der } from '../../../test/support/der.ts';
import { readTime } from './certificate-time.ts';
import { DerCursor, TAG } from './der-cursor.ts';
import { X509Error } from './x509-error.ts';

const read = (tag: number, text: string) => readTime(DerCursor.over(der(tag, Buffer.from(text, 'latin1'))).next());
const digits = fc.stringMatching(/^\d{12}$/);

it('a time in the form that RFC 5280 demands is the moment that any other form of it says, or is refused with it', () => {
  fc.assert(
    fc.property(digits, fc.constantFrom('', '19', '20', '99', '00'), (text, century) => {
      const tag = century === '' ? TAG.utcTime : TAG.generalizedTime;
      const readOr = (form: string) => {
        try {
          return read(tag, form).getTime();
        } catch (error) {
          if (error instanceof X509Error) return 'refused';
          throw error;
        }
      };
      expect(readOr(`${century}${text}Z`)).toBe(readOr(`${century}${text}+0000`));
    }),
    { seed: 4, numRuns: 2000 },
  );
});

it.each([
  ['491231235959Z', TAG.utcTime, '2049-12-31T23:59:59.000Z'],
  ['500101000000Z', TAG.utcTime, '1950-01-01T00:00:00.000Z'],
  ['20500101000000Z', TAG.generalizedTime, '2050-01-01T00:00:00.000Z'],
  ['00990101000000Z', TAG.generalizedTime, '0099-01-01T00:00:00.000Z'],
])('%s is read as its moment', (text, tag, moment) => {
  expect(read(tag, text).toISOString()).toBe(moment);
});

it.each(['2x0101000000Z', '260101 00000Z', '2601010000/0Z', ''])('%j is no time', (text) => {
  expect(() => read(TAG.utcTime, text)).toThrow(X509Error);
});
