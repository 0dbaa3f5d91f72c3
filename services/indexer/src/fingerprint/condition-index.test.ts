import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Condition, NamePattern } from '../distributions/define-distribution.ts';
import { DISTRIBUTIONS } from '../distributions/index.ts';
import { indexConditions } from './condition-index.ts';
import { toTests } from './conditions.ts';
import type { Facts, NameFacts } from './facts.ts';
import { readFixtures } from './testing/read-fixtures.ts';

const SEED = 20_261_122;
const fixtures = readFixtures().map(({ facts }) => facts);
const conditionals = DISTRIBUTIONS.flatMap(({ name, signals }) =>
  signals.map(({ name: signal, when }) => ({ when, value: `${name}/${signal}` })),
);

/** A condition read word by word, without any index. */
function holdsByItself(when: Condition, facts: Facts): boolean {
  const { leaf, issuers, clientCas = [], version } = facts;
  const { gitVersion, subject, issuer, sentIssuer, dnsNames, ipAddresses } = when;
  const told = version?.kind === 'version' ? version.version.raw : undefined;
  return (
    (gitVersion === undefined || (told !== undefined && gitVersion.test(told))) &&
    (subject === undefined || isNamed(subject, leaf?.subject)) &&
    (issuer === undefined || isNamed(issuer, leaf?.issuer)) &&
    (sentIssuer === undefined || issuers.some((sent) => isNamed(sentIssuer, sent.subject))) &&
    (when.clientCas ?? []).every((pattern) => clientCas.some((name) => isNamed(pattern, name))) &&
    (dnsNames?.every ?? []).every((name) => leaf?.dnsNames.includes(name)) &&
    [dnsNames?.some ?? []].flat().every((one) => leaf?.dnsNames.some((name) => one.test(name)) === true) &&
    (dnsNames?.none === undefined || leaf?.dnsNames.every((name) => dnsNames.none?.test(name) === false) === true) &&
    (ipAddresses?.every ?? []).every((address) => leaf?.ipAddresses.includes(address)) &&
    (ipAddresses?.some === undefined || ipAddresses.some.some((address) => leaf?.ipAddresses.includes(address))) &&
    (ipAddresses?.none === undefined ||
      (leaf !== undefined && !ipAddresses.none.some((address) => leaf.ipAddresses.includes(address)))) &&
    toTests(when).every((test) => test(facts))
  );
}

function isNamed({ cn, o, ou }: NamePattern, name: NameFacts | undefined): boolean {
  if (name === undefined) return false;
  const pairs = [
    [cn, name.cn],
    [o, name.o],
    [ou, name.ou],
  ] as const;
  return pairs.every(([pattern, value]) => {
    if (pattern === undefined) return true;
    if (pattern === null) return value === undefined;
    return value !== undefined && (typeof pattern === 'string' ? pattern === value : pattern.test(value));
  });
}

/** Parts of real servers put together at random: most conditions meet some of them, and few meet all. */
const mixed: fc.Arbitrary<Facts> = fc
  .tuple(...Array.from({ length: 6 }, () => fc.constantFrom(...fixtures)))
  .chain(([head, certificate, names, request, answer, sent]) =>
    fc
      .record({
        dnsNames: fc.subarray([...(names?.leaf?.dnsNames ?? []), ...(certificate?.leaf?.dnsNames ?? [])]),
        ipAddresses: fc.subarray([...(names?.leaf?.ipAddresses ?? []), ...(sent?.leaf?.ipAddresses ?? [])]),
        isSilent: fc.boolean(),
      })
      .map(({ dnsNames, ipAddresses, isSilent }) => ({
        component: head?.component ?? 'kube-apiserver',
        port: head?.port ?? 6443,
        issuers: sent?.issuers ?? [],
        ...(certificate?.leaf === undefined ? {} : { leaf: { ...certificate.leaf, dnsNames, ipAddresses } }),
        ...(request?.clientCas === undefined ? {} : { clientCas: request.clientCas }),
        ...(request?.flight === undefined ? {} : { flight: request.flight }),
        ...(answer?.http === undefined ? {} : { http: answer.http }),
        ...(answer?.version === undefined || isSilent ? {} : { version: answer.version }),
      })),
  );

it('the index finds what each condition says by itself, for real servers and for mixtures of their parts', () => {
  const find = indexConditions(conditionals);
  const found = new Set<string>();
  const compare = (facts: Facts) => {
    const byIndex = [...find(facts)].sort();
    for (const id of byIndex) found.add(id);
    expect(byIndex).toEqual(
      conditionals
        .filter(({ when }) => holdsByItself(when, facts))
        .map(({ value }) => value)
        .sort(),
    );
  };
  for (const facts of fixtures) compare(facts);
  fc.assert(fc.property(mixed, compare), { seed: SEED, numRuns: 1000 });
  expect(conditionals.filter(({ value }) => !found.has(value))).toEqual([]);
});

it('what one server showed is forgotten before the next is asked', () => {
  const find = indexConditions(conditionals);
  const nothing: Facts = { component: 'kube-apiserver', port: 6443, issuers: [] };
  const alone = find(nothing);
  for (const facts of fixtures) find(facts);
  expect(find(nothing)).toEqual(alone);
});

it('a condition twice in the list is found twice, and a name twice in a certificate once', () => {
  const when: Condition = { dnsNames: { some: /^x/, every: ['y'] }, ipAddresses: { some: ['192.0.2.1', '192.0.2.2'] } };
  const find = indexConditions([
    { when, value: 1 },
    { when, value: 2 },
  ]);
  const leaf = { dnsNames: ['x1', 'x2', 'y', 'y'], ipAddresses: ['192.0.2.2', '192.0.2.1'] };
  expect(find({ component: 'kube-apiserver', port: 6443, issuers: [], leaf })).toEqual([1, 2]);
});
