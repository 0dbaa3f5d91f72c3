import type { Condition, NamePattern } from '../distributions/define-distribution.ts';
import type { CertificateFacts, Facts, NameFacts } from './facts.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

type Test = (facts: Facts) => boolean;

/** Turns a declared condition into a test of facts. What was not seen never holds. */
export function compileCondition(condition: Condition): Test {
  const tests: Test[] = [];
  const leafTests: ((leaf: CertificateFacts) => boolean)[] = [];
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
  if (dnsNames !== undefined) leafTests.push((leaf) => matchesDnsNames(dnsNames, leaf.dnsNames));
  if (leafTests.length > 0) {
    tests.push(({ leaf }) => leaf !== undefined && leafTests.every((test) => test(leaf)));
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
  return (facts) => tests.every((test) => test(facts));
}

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

function matchesDnsNames(pattern: NonNullable<Condition['dnsNames']>, names: readonly string[]): boolean {
  const { every, some, none } = pattern;
  if (every !== undefined && !every.every((name) => names.some((other) => equalNames(name, other)))) return false;
  if (some !== undefined && !names.some((name) => some.test(name.toLowerCase()))) return false;
  return none === undefined || !names.some((name) => none.test(name.toLowerCase()));
}

function equalNames(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}

function askedAs(facts: Facts): Condition['clientCertificate'] {
  if (facts.flight?.seenInClear !== true || facts.flight.clientCertificate === 'unknown') return undefined;
  if (facts.flight.clientCertificate === 'not-asked') return 'not-asked';
  return facts.clientCas?.length === 0 ? 'asked-naming-nobody' : 'asked';
}
