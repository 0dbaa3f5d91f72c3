import type { Condition, NamePattern } from '../distributions/define-distribution.ts';
import type { CertificateFacts, Facts, NameFacts } from './facts.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export type Test = (facts: Facts) => boolean;

/**
 * Tests of the parts of a condition that no index finds: those that look at numbers, at lists that a certificate lacks,
 * or at what few rules ask for. What was not seen never holds.
 */
export function toTests(condition: Condition): Test[] {
  const tests: Test[] = [];
  const { keyType, validityDays, lacksExtensions, netscapeComment } = condition;
  const { clientCertificate, onlyTls13, header, ports, portRange } = condition;
  if (ports !== undefined) tests.push(({ port }) => ports.includes(port));
  if (portRange !== undefined) tests.push(({ port }) => port >= portRange[0] && port <= portRange[1]);
  if (looksAtLeaf(condition)) tests.push(({ leaf }) => leaf !== undefined);
  if (keyType !== undefined) {
    const prefix = keyType === 'rsa' ? 'RSA-' : 'EC ';
    tests.push(({ leaf }) => leaf?.keyType?.startsWith(prefix) === true);
  }
  if (validityDays !== undefined) tests.push(({ leaf }) => leaf !== undefined && isValidFor(leaf, validityDays));
  if (lacksExtensions !== undefined) {
    tests.push(({ leaf }) => {
      const extensions = leaf?.extensions;
      return extensions !== undefined && !lacksExtensions.some((id) => extensions.includes(id));
    });
  }
  if (netscapeComment !== undefined) {
    tests.push(({ leaf }) => leaf?.netscapeComment !== undefined && netscapeComment.test(leaf.netscapeComment));
  }
  if (clientCertificate !== undefined) tests.push((facts) => askedAs(facts) === clientCertificate);
  if (onlyTls13 !== undefined) tests.push(({ flight }) => (flight?.tlsVersion === 'tls13') === onlyTls13);
  if (header !== undefined) {
    tests.push(({ http }) => {
      const value = http?.headers.get(header.name);
      return value !== undefined && header.value.test(value);
    });
  }
  return tests;
}

/** Where only the absence of names or addresses is asked for, there must have been a certificate to miss them in. */
function looksAtLeaf({ dnsNames, ipAddresses }: Condition): boolean {
  return dnsNames?.none !== undefined || ipAddresses?.none !== undefined;
}

function isValidFor({ notBefore, notAfter }: CertificateFacts, [atLeast, atMost]: readonly [number, number]): boolean {
  if (notBefore === undefined || notAfter === undefined) return false;
  const days = (notAfter - notBefore) / DAY_MS;
  return days >= atLeast && days <= atMost;
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

export function matchesName(pattern: NamePattern, name: NameFacts): boolean {
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

function askedAs(facts: Facts): Condition['clientCertificate'] {
  if (facts.flight?.seenInClear !== true || facts.flight.clientCertificate === 'unknown') return undefined;
  if (facts.flight.clientCertificate === 'not-asked') return 'not-asked';
  return facts.clientCas?.length === 0 ? 'asked-naming-nobody' : 'asked';
}
