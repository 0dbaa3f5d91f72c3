import type { Condition, NamePattern } from '../distributions/define-distribution.ts';
import type { CertificateFacts, Facts, NameFacts } from './facts.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** `names` is what `toJoinedNames` makes of the same facts: one look at it spares most looks at each name. */
export type Test = (facts: Facts, names: string) => boolean;

/** The leaf's DNS names, each on a line of its own. */
export function toJoinedNames(facts: Facts): string {
  return facts.leaf?.dnsNames.join('\n') ?? '';
}

/** Turns a declared condition into a test of facts. What was not seen never holds. */
export function compileCondition(condition: Condition): Test {
  const tests: Test[] = [];
  const leafTests: LeafTest[] = [];
  const { gitVersion, subject, issuer, sentIssuer, clientCas, clientCertificate, dnsNames, ipAddresses } = condition;
  const { keyType, validityDays, lacksExtensions, netscapeComment } = condition;
  const { onlyTls13, header, ports, portRange } = condition;

  if (ports !== undefined) tests.push((facts) => ports.includes(facts.port));
  if (portRange !== undefined) tests.push(({ port }) => port >= portRange[0] && port <= portRange[1]);
  if (gitVersion !== undefined) {
    tests.push((facts) => facts.version?.kind === 'version' && gitVersion.test(facts.version.version.raw));
  }
  if (subject !== undefined) leafTests.push(({ subject: name }) => name !== undefined && matchesName(subject, name));
  if (issuer !== undefined) leafTests.push(({ issuer: name }) => name !== undefined && matchesName(issuer, name));
  if (keyType !== undefined) {
    const prefix = keyType === 'rsa' ? 'RSA-' : 'EC ';
    leafTests.push((leaf) => leaf.keyType?.startsWith(prefix) === true);
  }
  if (validityDays !== undefined) {
    const [atLeast, atMost] = validityDays;
    leafTests.push(({ notBefore, notAfter }) => {
      if (notBefore === undefined || notAfter === undefined) return false;
      const days = (notAfter - notBefore) / DAY_MS;
      return days >= atLeast && days <= atMost;
    });
  }
  if (lacksExtensions !== undefined) {
    leafTests.push(
      ({ extensions }) => extensions !== undefined && !lacksExtensions.some((id) => extensions.includes(id)),
    );
  }
  if (netscapeComment !== undefined) {
    leafTests.push((leaf) => leaf.netscapeComment !== undefined && netscapeComment.test(leaf.netscapeComment));
  }
  if (ipAddresses !== undefined) leafTests.push((leaf) => matchesAddresses(ipAddresses, leaf.ipAddresses));
  if (dnsNames !== undefined) leafTests.push(compileDnsNames(dnsNames));
  if (leafTests.length > 0) {
    tests.push(({ leaf }, names) => {
      if (leaf === undefined) return false;
      for (const test of leafTests) if (!test(leaf, names)) return false;
      return true;
    });
  }
  if (sentIssuer !== undefined) {
    tests.push((facts) =>
      facts.issuers.some(({ subject: name }) => name !== undefined && matchesName(sentIssuer, name)),
    );
  }
  if (clientCas !== undefined) {
    tests.push((facts) => {
      const named = facts.clientCas ?? [];
      return clientCas.every((pattern) => named.some((name) => matchesName(pattern, name)));
    });
  }
  if (clientCertificate !== undefined) tests.push((facts) => askedAs(facts) === clientCertificate);
  if (onlyTls13 !== undefined) tests.push((facts) => (facts.flight?.tlsVersion === 'tls13') === onlyTls13);
  if (header !== undefined) {
    tests.push((facts) => {
      const value = facts.http?.headers.get(header.name);
      return value !== undefined && header.value.test(value);
    });
  }
  const [first] = tests;
  if (tests.length === 1 && first !== undefined) return first;
  return (facts, names) => {
    for (const test of tests) if (!test(facts, names)) return false;
    return true;
  };
}

type LeafTest = (leaf: CertificateFacts, names: string) => boolean;

function compileDnsNames({ every, some, none }: NonNullable<Condition['dnsNames']>): LeafTest {
  const literal = some === undefined ? '' : toLiteral(some);
  return ({ dnsNames }, joined) => {
    if (literal !== '' && !joined.includes(literal)) return false;
    if (every !== undefined) for (const name of every) if (!dnsNames.includes(name)) return false;
    if (some !== undefined && !dnsNames.some((name) => some.test(name))) return false;
    return none === undefined || !dnsNames.some((name) => none.test(name));
  };
}

/**
 * The longest text that every match of the expression contains; '' where there is none to be seen. Expressions with
 * alternatives, groups or classes give only what stands outside of them, so that nothing is ever ruled out wrongly.
 */
export function toLiteral({ source, flags }: RegExp): string {
  const outside = source.replace(/\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]/g, '\u0000');
  if (flags !== '' || outside.includes('|')) return '';
  const runs = outside
    .replace(/\\([.*/-])/g, (_, literal: string) => ESCAPED[literal] ?? literal)
    .split(/\\\w(?:\{[^}]*\}|[*+?])?|.[*?]|.\{[^}]*\}|[.+^$\u0000]/)
    .map((run) => run.replaceAll('\u0001', '.').replaceAll('\u0002', '*'));
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}

/** Stand-ins while the operators of the same look are cut out. */
const ESCAPED: Readonly<Record<string, string>> = { '.': '\u0001', '*': '\u0002', '-': '-', '/': '/' };

function matchesName(pattern: NamePattern, name: NameFacts): boolean {
  return (
    matchesAttribute(pattern.cn, name.cn) &&
    matchesAttribute(pattern.o, name.o) &&
    matchesAttribute(pattern.ou, name.ou)
  );
}

function matchesAttribute(pattern: string | RegExp | null | undefined, value: string | undefined): boolean {
  if (pattern === undefined) return true;
  if (pattern === null) return value === undefined;
  if (value === undefined) return false;
  return typeof pattern === 'string' ? pattern === value : pattern.test(value);
}

function matchesAddresses(pattern: NonNullable<Condition['ipAddresses']>, addresses: readonly string[]): boolean {
  const { some, every, none } = pattern;
  if (none?.some((address) => addresses.includes(address)) === true) return false;
  if (some !== undefined && !some.some((address) => addresses.includes(address))) return false;
  return every === undefined || every.every((address) => addresses.includes(address));
}

function askedAs(facts: Facts): Condition['clientCertificate'] {
  if (facts.flight?.seenInClear !== true || facts.flight.clientCertificate === 'unknown') return undefined;
  if (facts.flight.clientCertificate === 'not-asked') return 'not-asked';
  return facts.clientCas?.length === 0 ? 'asked-naming-nobody' : 'asked';
}
