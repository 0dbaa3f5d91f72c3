import Type from 'typebox';
import { expect, test } from 'vitest';
import { readSettings, toLoggedSettings } from './read-settings.ts';

const settings = {
  batchSize: {
    variable: 'SEEDER_BATCH_SIZE',
    schema: Type.Integer({ minimum: 1, maximum: 100 }),
    unit: 'shards',
    default: 10,
  },
  lossFraction: { variable: 'SEEDER_LOSS', schema: Type.Number({ minimum: 0, maximum: 1 }) },
  allowPrivate: { variable: 'SEEDER_ALLOW_PRIVATE', schema: Type.Boolean(), default: false },
  key: { variable: 'SEEDER_KEY', schema: Type.String({ minLength: 3 }), secret: 'all' },
} as const;

test('text becomes the kind that the schema asks for', () => {
  const values = readSettings(settings, {
    SEEDER_BATCH_SIZE: '100',
    SEEDER_LOSS: '0.25',
    SEEDER_ALLOW_PRIVATE: 'true',
  });
  expect(values).toEqual({ batchSize: 100, lossFraction: 0.25, allowPrivate: true, key: undefined });
});

test('what is not set has its default', () => {
  const values = readSettings(settings, {});
  const batchSize: number = values.batchSize;
  expect(batchSize).toBe(10);
});

test.each([
  ['0', 'under the bound'],
  ['101', 'over the bound'],
  ['ten', 'not a number'],
  ['1.5', 'not whole'],
  ['0x10', 'not decimal'],
  ['Infinity', 'not finite'],
])('a whole number from 1 to 100 is not %s (%s)', (text) => {
  expect(() => readSettings(settings, { SEEDER_BATCH_SIZE: text })).toThrow(
    `SEEDER_BATCH_SIZE is "${text}", expected a whole number from 1 to 100 (shards)`,
  );
});

test.each(['1', '100'])('a whole number from 1 to 100 may be %s', (text) => {
  expect(readSettings(settings, { SEEDER_BATCH_SIZE: text }).batchSize).toBe(Number(text));
});

test('a secret is neither logged nor shown when it is refused', () => {
  const values = readSettings(settings, { SEEDER_KEY: 'hunter2' });
  expect(toLoggedSettings(settings, values)).toEqual({
    SEEDER_BATCH_SIZE: 10,
    SEEDER_ALLOW_PRIVATE: false,
    SEEDER_KEY: '***',
  });
  expect(() => readSettings(settings, { SEEDER_KEY: 'x' })).toThrow(
    'SEEDER_KEY is not usable (its value is not shown)',
  );
});
