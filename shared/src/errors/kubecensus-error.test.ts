import { expect, test } from 'vitest';
import { errorCodeOf, KubecensusError, toError } from './index.ts';

class ProbeError extends KubecensusError {}

test('an error carries its code, the exit code of the catalogue and its cause', () => {
  const cause = new Error('ECONNREFUSED');
  const error = new ProbeError('DATABASE_UNREACHABLE', 'cannot reach it', { cause });
  expect(error).toMatchObject({ name: 'ProbeError', code: 'DATABASE_UNREACHABLE', exitCode: 1, cause });
  expect(error).toBeInstanceOf(Error);
});

test('one throw may set another exit code than the catalogue', () => {
  expect(new KubecensusError('DATABASE_UNREACHABLE', 'x', { exitCode: 2 }).exitCode).toBe(2);
});

test.each([
  ['text', 'text'],
  [undefined, 'a value was thrown that is no error: undefined'],
])('a thrown %s becomes an Error', (thrown, message) => {
  expect(toError(thrown)).toMatchObject({ message });
});

test('an Error stays the one it is, and only text counts as a code', () => {
  const error = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  expect(toError(error)).toBe(error);
  expect(errorCodeOf(error)).toBe('ECONNREFUSED');
  expect(errorCodeOf({ code: 7 })).toBeUndefined();
  expect(errorCodeOf(null)).toBeUndefined();
});
