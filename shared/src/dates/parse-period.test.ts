import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePeriod } from './parse-period.ts';

test.each([
  ['2026', '2026-01-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z'],
  ['2026-02', '2026-02-01T00:00:00.000Z', '2026-02-28T23:59:59.999Z'],
  ['2024-02', '2024-02-01T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
  ['2026-12-31', '2026-12-31T00:00:00.000Z', '2026-12-31T23:59:59.999Z'],
  ['2026-03-01T12:30Z', '2026-03-01T12:30:00.000Z', '2026-03-01T12:30:00.000Z'],
  ['2026-03-01T00:30:15.25+02:00', '2026-02-28T22:30:15.250Z', '2026-02-28T22:30:15.250Z'],
])('%s is from %s to %s', (text, first, last) => {
  expect(parsePeriod(text)).toEqual({ first: new Date(first), last: new Date(last) });
});

test.each([
  '2026-02-29',
  '2026-02-30',
  '2026-02-31',
  '2026-04-31',
  '2026-00',
  '2026-13',
  '2026-99-99',
  '0000-00-00',
  '0000',
  '2026-02-31T00:00:00Z',
  '2026-03-01T25:00Z',
  '2026-03-01T12:60Z',
  '2026-03-01T12:00',
  '2026-03-01 12:00Z',
  '2026-03-01T12:00+99:00',
  '2026-3-1',
  '26-03-01',
  '+002026-01-01',
  '2026-03-01 ',
  'March 2026',
  '',
])('%j is no date', (text) => {
  expect(parsePeriod(text)).toBeUndefined();
});

test('every day of the calendar is read as itself, and nothing that a stranger writes is thrown at', () => {
  const day = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
  fc.assert(
    fc.property(day, (date) => {
      const text = date.toISOString();
      expect(parsePeriod(text)).toEqual({ first: date, last: date });
      const whole = parsePeriod(text.slice(0, 10));
      expect(whole?.first.toISOString()).toBe(`${text.slice(0, 10)}T00:00:00.000Z`);
      expect(whole?.last.toISOString()).toBe(`${text.slice(0, 10)}T23:59:59.999Z`);
    }),
    { seed: 20_261_122 },
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9T:.Z+-]{0,30}$/), (text) => {
      const period = parsePeriod(text);
      expect(period === undefined || period.first <= period.last).toBe(true);
    }),
    { seed: 20_261_122 },
  );
});
