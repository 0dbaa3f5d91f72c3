import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { writeQuery } from '../../../../test/support/random-query.ts';
import { createRandom } from '../../../../test/support/recorded-history.ts';
import {
  FIELD_NAMES,
  FIELDS,
  fieldsOf,
  MAX_QUERY_DEPTH,
  MAX_QUERY_LENGTH,
  MAX_QUERY_VALUES,
  parseQuery,
  type Query,
  QueryError,
} from './index.ts';
import { QueryScanner } from './query-scanner.ts';

function errorOf(text: string): QueryError {
  try {
    parseQuery(text);
  } catch (caught) {
    if (caught instanceof QueryError) return caught;
    throw caught;
  }
  throw new Error(`${text} was read`);
}

it('every field has an example that reads as that field', () => {
  for (const name of FIELD_NAMES) expect(fieldsOf(parseQuery(FIELDS[name].example))).toEqual([name]);
});

it('a query of many kinds of terms reads as it was meant', () => {
  const query = parseQuery(
    'distribution:eks version<1.30 country:DE asn:16509 (exposure:answering or eol:yes) not cluster.age<30d ' +
      'ip:203.0.113.0/24 san:"*.internal" seen>=2026-03-01',
  );
  expect(query.kind).toBe('and');
  expect(fieldsOf(query)).toEqual([
    'distribution',
    'version',
    'country',
    'asn',
    'exposure',
    'eol',
    'cluster.age',
    'ip',
    'san',
    'seen',
  ]);
  const [, version, , , either, negated] = 'of' in query && Array.isArray(query.of) ? query.of : [];
  expect(version).toMatchObject({ test: { high: { value: { kind: 'minor', minor: 1030 }, inclusive: false } } });
  expect(either).toMatchObject({
    kind: 'or',
    of: [
      { test: { of: [{ pattern: [{ text: 'says-version' }] }, { pattern: [{ text: 'open' }] }] } },
      { field: 'eol' },
    ],
  });
  expect(negated).toMatchObject({ kind: 'not', of: { test: { high: { value: { kind: 'duration', days: 30 } } } } });
});

it.each([
  ['port:443 port:80', 'port:443 and port:80'],
  ['PORT:443 OR port:80 AND port:1', 'port:443 or (port:80 port:1)'],
  ['-port:443', 'not port:443'],
  ['port!=443', 'not port:443'],
  ['port:{443, 80}', 'port:(443 or 80)'],
  ['port:443,80', 'port:(443,80)'],
  ['port:[1 to 9]', 'port:1..9'],
  ['port:>=80', 'port>=80'],
  ['version < 1.30', 'version<1.30'],
  ['192.0.2.0/24', 'ip:192.0.2.0/24'],
  ['2001:db8::1', 'ip:2001:db8::1'],
  ['dead:beef::/32', 'ip:dead:beef::/32'],
  ['distro:eks', 'distribution:eks'],
  ["san:'a b'", 'san:"a b"'],
  ['minor:1.28..', 'minor>=1.28'],
  ['  *  ', ''],
  ['(((port:1)))', 'port:1'],
  ['not(port:1)', '-port:1'],
])('%s means %s', (written, meant) => {
  expect(parseQuery(written)).toEqual(parseQuery(meant));
});

it.each([
  ['distribtion:eks', 'QUERY_FIELD_UNKNOWN', 1, 'distribution'],
  ['port:443 prot:80', 'QUERY_FIELD_UNKNOWN', 10, 'port'],
  ['port:1 eks', 'QUERY_SYNTAX', 8, 'distribution:eks'],
  ['foo.example.org', 'QUERY_SYNTAX', 1, 'san:"*foo.example.org*"'],
  ['exposure:answerin', 'QUERY_VALUE_INVALID', 10, 'answering'],
  ['exposure:silen', 'QUERY_VALUE_INVALID', 10, 'silent'],
  ['port:http', 'QUERY_VALUE_INVALID', 6, undefined],
  ['port:65536', 'QUERY_VALUE_INVALID', 6, undefined],
  ['port:1024..1', 'QUERY_VALUE_INVALID', 6, undefined],
  ['minor:[1.30 to 1.29]', 'QUERY_VALUE_INVALID', 8, undefined],
  ['seen:2026-03..2026-02', 'QUERY_VALUE_INVALID', 6, undefined],
  ['ip:10.0.1.0/24..10.0.0.0/24', 'QUERY_VALUE_INVALID', 4, undefined],
  ['seen:2026-02-30', 'QUERY_VALUE_INVALID', 6, undefined],
  ['cluster.age<30', 'QUERY_VALUE_INVALID', 13, undefined],
  ['ip:10.0.0.1/8', 'QUERY_VALUE_INVALID', 4, undefined],
  ['distribution<eks', 'QUERY_SYNTAX', 1, 'distribution:'],
  ['(port:1', 'QUERY_SYNTAX', 8, undefined],
  ['port:1)', 'QUERY_SYNTAX', 7, undefined],
  ['port:1 or', 'QUERY_SYNTAX', 10, undefined],
  ['port:', 'QUERY_SYNTAX', 6, undefined],
  ['san:"x', 'QUERY_SYNTAX', 5, undefined],
  ['port:(1 2)', 'QUERY_SYNTAX', 9, undefined],
  ['port:[1 2]', 'QUERY_SYNTAX', 9, undefined],
  ['san:*a*b*c*d*e*f*g*h*', 'QUERY_VALUE_INVALID', 5, undefined],
])('%s is refused at its column, with what was meant', (text, code, column, proposal) => {
  expect(errorOf(text)).toMatchObject({ code, column, proposal });
});

it('length, depth and values are read at their limits and refused above them', () => {
  const long = `san:"${'a'.repeat(MAX_QUERY_LENGTH - 6)}"`;
  expect(parseQuery(long).kind).toBe('term');
  expect(errorOf(`${long} `).code).toBe('QUERY_TOO_LARGE');
  const deep = (depth: number) => `${'('.repeat(depth)}port:1${')'.repeat(depth)}`;
  expect(parseQuery(deep(MAX_QUERY_DEPTH)).kind).toBe('term');
  expect(errorOf(deep(MAX_QUERY_DEPTH + 1)).code).toBe('QUERY_TOO_LARGE');
  expect(errorOf(`${'not '.repeat(MAX_QUERY_DEPTH + 1)}port:1`).code).toBe('QUERY_TOO_LARGE');
  const many = (values: number) => `port:${Array.from({ length: values }, (_, at) => at).join(',')}`;
  expect(parseQuery(many(MAX_QUERY_VALUES)).kind).toBe('term');
  expect(errorOf(many(MAX_QUERY_VALUES + 1)).code).toBe('QUERY_TOO_LARGE');
});

it('any text gives a query or one error that points into it', () => {
  const words = ['port', 'version', 'ip', ':', '<', '>=', '!=', '(', ')', '[', ']', '{', '}', ',', '"', "'", ' to ', ' or ',
    'and', 'not', '-', '!', '*', '?', '..', '1.30', '443', '2001:db8::', ' ', '\\', '%', '\u0000', '\ud800', 'ſ', '::', '||']; // biome-ignore format: one block of words
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (written) => {
      let query: Query;
      try {
        query = parseQuery(written);
      } catch (caught) {
        expect(caught).toBeInstanceOf(QueryError);
        const { column, message } = caught as QueryError;
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual(written.length + 1);
        expect(message).not.toContain('\n');
        return;
      }
      expect(query.kind).toMatch(/^(all|and|or|not|term)$/);
    }),
    { seed: 7, numRuns: 3000 },
  );
});

/** Calls of the scanner, and characters that it moved over, while one text is read. */
function stepsOf(text: string): number {
  let steps = 0;
  const counted = (['match', 'peek', 'isKeyword'] as const).map((name) => {
    const own = QueryScanner.prototype[name] as (this: QueryScanner, argument: never) => unknown;
    return vi.spyOn(QueryScanner.prototype, name).mockImplementation(function (this: QueryScanner, argument: unknown) {
      const found = own.call(this, argument as never);
      steps += 1 + (typeof found === 'string' ? found.length : 0);
      return found as never;
    });
  });
  try {
    parseQuery(text);
  } catch (caught) {
    expect(caught).toBeInstanceOf(QueryError);
  } finally {
    for (const spy of counted) spy.mockRestore();
  }
  return steps;
}

it('the steps of reading grow with the length of the text and no faster, whatever stands in it', () => {
  const pieces = ['a', 'port:', '1', '..', ',', '(', ')', '{', '[', ' to ', '"', "\\", 'not ', '-', '!', ' or ', '||', ' and ', '*',
    '?', '::', '2001:db8::1 ', 'version<', 'v1.', 'san:', ' ', '\t', '<=', 'x.y', 'distribution:k?s ']; // biome-ignore format: one block of words
  const repeated = fc
    .tuple(
      fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: MAX_QUERY_LENGTH }),
    )
    .map(([parts, length]) => parts.join('').repeat(MAX_QUERY_LENGTH).slice(0, length));
  const mixed = fc
    .array(fc.constantFrom(...pieces), { maxLength: 400 })
    .map((parts) => parts.join('').slice(0, MAX_QUERY_LENGTH));
  const longest = { steps: 0 };
  fc.assert(
    fc.property(fc.oneof(repeated, mixed), (text) => {
      const steps = stepsOf(text);
      longest.steps = Math.max(longest.steps, steps);
      expect(steps).toBeLessThan(40 * text.length + 100);
    }),
    { seed: 12, numRuns: 800 },
  );
  expect(longest.steps).toBeGreaterThan(1000);
});

it('whatever the generator of other tests writes is read', () => {
  const random = createRandom(3);
  for (let round = 0; round < 500; round += 1) {
    const text = writeQuery(random, () => true);
    expect(() => parseQuery(text), text).not.toThrow();
  }
});
