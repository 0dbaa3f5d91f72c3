import { expect, test } from 'vitest';
import { toFirstMoment, toLastInstant, toMoment } from './question-options.ts';

test('a day, a month and a year are the whole of it, and an instant is itself', () => {
  expect(toLastInstant('2026-11-01')).toEqual(new Date('2026-11-01T23:59:59.999Z'));
  expect(toLastInstant('2026-02')).toEqual(new Date('2026-02-28T23:59:59.999Z'));
  expect(toLastInstant('2026-11-01T12:00Z')).toEqual(new Date('2026-11-01T12:00Z'));
  expect(toMoment('2026')).toEqual({ census: 2026 });
  expect(toMoment('2026-11')).toEqual({ asOf: new Date('2026-11-30T23:59:59.999Z') });
  expect(toFirstMoment('2026-11')).toEqual({ asOf: new Date('2026-11-01T00:00:00.000Z') });
});

test.each(['2026-02-31', '2026-02-30', '2026-99-99', '0000-00-00', '2026-11-01T25:00Z', '2026-garbage', 'today', '0'])(
  '%j is refused, and no other day is taken for it',
  (text) => {
    for (const read of [toLastInstant, toMoment, toFirstMoment]) {
      expect(() => read(text)).toThrow(expect.objectContaining({ code: 'commander.invalidArgument' }));
    }
  },
);
