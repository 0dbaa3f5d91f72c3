import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../distributions/define-distribution.ts';
import { DISTRIBUTIONS } from '../distributions/index.ts';
import { indexConditions } from './condition-index.ts';
import { toLiteral } from './conditions.ts';
import type { CertificateFacts, Facts } from './facts.ts';
import { parseName } from './testing/read-fixtures.ts';
import { toDomain } from './traits.ts';

const expressions = DISTRIBUTIONS.flatMap(({ name, signals }) =>
  signals.flatMap((signal) => {
    const asked = [signal.when.dnsNames?.some ?? []].flat();
    return asked.map((expression) => ({ rule: `${name}/${signal.name}`, expression }));
  }),
);

function holds(condition: Condition, given: Partial<Facts>): boolean {
  const facts: Facts = { component: 'kube-apiserver', port: 6443, issuers: [], ...given };
  return indexConditions([{ when: condition, value: true }])(facts).length === 1;
}

function leafOf(given: Partial<CertificateFacts>): Pick<Facts, 'leaf'> {
  return { leaf: { dnsNames: [], ipAddresses: [], ...given } };
}

describe('the literal of an expression', () => {
  it.each(expressions)('of $rule is in every name that matches', ({ expression }) => {
    const literal = toLiteral(expression);
    // fast-check writes no names for expressions that look ahead; the literal is then held against the whole source.
    if (expression.source.includes('(?!')) {
      expect(['', '.svc', '.svc.cluster.local']).toContain(literal);
      return;
    }
    fc.assert(
      fc.property(fc.stringMatching(expression), (name) => name.includes(literal)),
      { seed: 20_261_121, numRuns: 50 },
    );
  });

  it.each<[RegExp, string]>([
    [/^a\.b$/, 'a.b'],
    [/^\*\.nodes\.vcluster\.com$/, '*.nodes.vcluster.com'],
    [/^c\d+-e\.[a-z]+\.cloud$/, '.cloud'],
    [/x{2}yz\d{1,12}w/, 'yz'],
    [/ab?cd/, 'cd'],
    [/one|two/, ''],
    [/^(one|two)$/, ''],
    [/Abc/i, ''],
  ])('of %s is "%s"', (expression, literal) => {
    expect(toLiteral(expression)).toBe(literal);
  });

  it('is worth having: most expressions have one', () => {
    const bare = expressions.filter(({ expression }) => toLiteral(expression) === '');
    expect(bare.length).toBeLessThan(expressions.length / 4);
  });
});

describe('the domain of an expression', () => {
  it.each(expressions)('of $rule ends every name that matches', ({ expression }) => {
    const domain = toDomain(expression);
    // fast-check writes no names for expressions that look ahead: they name the cluster's own domain, if any.
    if (domain === '' || expression.source.includes('(?!')) {
      expect(['', 'cluster.local']).toContain(domain);
      return;
    }
    fc.assert(
      fc.property(fc.stringMatching(expression), (name) => name.endsWith(`.${domain}`)),
      { seed: 20_261_121, numRuns: 50 },
    );
  });

  it.each<[RegExp, string]>([
    [/\.k8s\.example\.com$/, 'example.com'],
    [/\.example-1\.com$/, 'example-1.com'],
    [/example\.com$/, ''],
    [/\.example\.com/, ''],
    [/\.example\.com(\.cn)?$/, ''],
    [/\.example\.(com|org)$/, ''],
    [/\.one\.com$|\.two\.com$/, ''],
    [/\.Example\.com$/i, ''],
  ])('of %s is "%s"', (expression, domain) => {
    expect(toDomain(expression)).toBe(domain);
  });
});

describe('a condition holds only for what was seen:', () => {
  it.each<[string, Condition]>([
    ['a version', { gitVersion: /./ }],
    ['a subject', { subject: { cn: null } }],
    ['an issuer', { issuer: { cn: null } }],
    ['names', { dnsNames: { none: /^x$/ } }],
    ['addresses', { ipAddresses: { none: ['192.0.2.1'] } }],
    ['a kind of key', { keyType: 'rsa' }],
    ['a validity', { validityDays: [0, 1e9] }],
    ['extensions', { lacksExtensions: ['2.5.29.35'] }],
    ['a comment', { netscapeComment: /./ }],
    ['a client CA', { clientCas: [{ cn: null }] }],
    ['a request for a client certificate', { clientCertificate: 'asked' }],
    ['a TLS version', { onlyTls13: true }],
    ['a header', { header: { name: 'server', value: /./ } }],
  ])('%s that is absent meets none', (_, condition) => {
    expect(holds(condition, {})).toBe(false);
  });

  it('extensions that are not known are not missing', () => {
    expect(holds({ lacksExtensions: ['2.5.29.35'] }, leafOf({}))).toBe(false);
    expect(holds({ lacksExtensions: ['2.5.29.35'] }, leafOf({ extensions: [] }))).toBe(true);
    expect(holds({ lacksExtensions: ['2.5.29.35'] }, leafOf({ extensions: ['2.5.29.35'] }))).toBe(false);
  });
});

describe('a condition holds at its limits and not beyond:', () => {
  const DAY = 24 * 60 * 60 * 1000;

  it.each([
    [729.9, false],
    [730, true],
    [731, true],
    [731.1, false],
  ])('a validity of %s days', (days, expected) => {
    const leaf = leafOf({ notBefore: 0, notAfter: days * DAY });
    expect(holds({ validityDays: [730, 731] }, leaf)).toBe(expected);
  });

  it.each([
    [19_999, false],
    [20_000, true],
    [32_767, true],
    [32_768, false],
  ])('port %s', (port, expected) => {
    expect(holds({ portRange: [20_000, 32_767] }, { port })).toBe(expected);
  });
});

it('all parts of a condition must hold', () => {
  const condition: Condition = {
    subject: { cn: 'a', o: null },
    dnsNames: { every: ['x', 'y'], some: /^z/, none: /^w$/ },
  };
  const meets = { subject: parseName('CN=a'), dnsNames: ['y', 'zz', 'x'] };
  expect(holds(condition, leafOf(meets))).toBe(true);
  expect(holds(condition, leafOf({ ...meets, subject: parseName('O=b, CN=a') }))).toBe(false);
  expect(holds(condition, leafOf({ ...meets, dnsNames: ['y', 'zz'] }))).toBe(false);
  expect(holds(condition, leafOf({ ...meets, dnsNames: ['x', 'y'] }))).toBe(false);
  expect(holds(condition, leafOf({ ...meets, dnsNames: ['x', 'y', 'zz', 'w'] }))).toBe(false);
});
