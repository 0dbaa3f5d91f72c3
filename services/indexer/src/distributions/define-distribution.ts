import type { Component, Confidence } from '@kubecensus/shared/vocabulary';

/** Where a mark was seen. Marks of different kinds are independent of each other; of one kind they are not. */
export const MARK_KINDS = ['version', 'certificate', 'names', 'client-ca', 'first-flight', 'http', 'weak'] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

/** Attributes of a distinguished name; `null` means that the name must not have it. */
export interface NamePattern {
  readonly cn?: string | RegExp | null;
  readonly o?: string | RegExp | null;
  readonly ou?: string | RegExp | null;
}

/** All that is given must hold. What was not seen does not hold. Regular expressions stand without flags but `i`. */
export interface Condition {
  /** The gitVersion of a document that was judged to be Kubernetes' own. */
  readonly gitVersion?: RegExp;
  readonly subject?: NamePattern;
  readonly issuer?: NamePattern;
  /** Any certificate that the server sent after its own. */
  readonly sentIssuer?: NamePattern;
  /** Client CAs that the server names: each pattern is met by one of them. */
  readonly clientCas?: readonly NamePattern[];
  /** The server asks for a client certificate and names no CA, or does not ask; seen in clear only. */
  readonly clientCertificate?: 'asked-naming-nobody' | 'asked' | 'not-asked';
  /** Names in the leaf, which are in lower case: at least one matches `some` (each of them), no one matches `none`. */
  readonly dnsNames?: {
    readonly every?: readonly string[];
    readonly some?: RegExp | readonly RegExp[];
    readonly none?: RegExp;
  };
  readonly ipAddresses?: {
    readonly every?: readonly string[];
    readonly some?: readonly string[];
    readonly none?: readonly string[];
  };
  readonly keyType?: 'rsa' | 'ec';
  /** Days from notBefore to notAfter, both ends inclusive. */
  readonly validityDays?: readonly [atLeast: number, atMost: number];
  /** Object identifiers of extensions that the leaf lacks. */
  readonly lacksExtensions?: readonly string[];
  readonly onlyTls13?: boolean;
  readonly header?: { readonly name: string; readonly value: RegExp };
  readonly ports?: readonly number[];
  /** Both ends inclusive. */
  readonly portRange?: readonly [from: number, to: number];
  readonly netscapeComment?: RegExp;
}

export interface Signal {
  /** Unique within its distribution; a rule is cited as `distribution/name`. Never renamed or reused. */
  readonly name: string;
  readonly kind: MarkKind;
  /** What this mark alone is worth. `certain`: only this distribution's own software leaves it. */
  readonly confidence: Confidence;
  /** `repository:path@commit`, a document, or 'recorded capture'; 'unverified: ...' is worth `low` at most. */
  readonly source: string;
  readonly when: Condition;
  /**
   * The domain in which the names of the mark end, held by whoever makes the distribution. Other names are added to any
   * certificate by an option of its installer: they are worth `medium` at most.
   */
  readonly ownDomain?: string;
  /** Components on which the mark means something; kube-apiserver where none is given. */
  readonly components?: readonly Component[];
}

export interface Distribution {
  /** Identity: the file's name, in rows, metrics, addresses and documents. Never renamed or reused. */
  readonly name: string;
  readonly title: string;
  /** Distributions whose marks its servers show too: they neither confirm nor contradict it. */
  readonly builtOn?: readonly string[];
  /**
   * The gitVersion that its servers always say. `unmarked`: upstream's own, as release, candidate, continuous or
   * private build; an expression: always this; `any`: not established.
   */
  readonly versions: 'unmarked' | 'any' | RegExp;
  readonly signals: readonly Signal[];
  /** False: it keeps /version from strangers, whatever its users set; who answers is another. */
  readonly tellsVersion?: false;
  /** Its API server's certificate always carries one of its marks: where a certificate has none, it is another's. */
  readonly certificateTells?: boolean;
  /** What cannot be told, and why; shown to readers. */
  readonly note?: string;
}

/**
 * The gitVersion that ends in a vendor's suffix and holds no other's: upstream's three numbers, a candidate perhaps, the
 * suffix, and the mark of a changed tree, as hack/lib/version.sh writes them.
 */
export function endingIn({ source }: RegExp): RegExp {
  return new RegExp(`^v1\\.\\d+\\.\\d+(-(alpha|beta|rc)\\.?\\d+)?(${source})(-dirty)?$`);
}

const IDENTITY = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Checks what types cannot: a mistake in a rule stops the process at its start, not a census in its middle. */
export function defineDistribution(distribution: Distribution): Distribution {
  if (!IDENTITY.test(distribution.name)) {
    throw new TypeError(`distribution "${distribution.name}" is no identity: lower case letters, digits and hyphens`);
  }
  const names = new Set<string>();
  for (const signal of distribution.signals) {
    const rule = `${distribution.name}/${signal.name}`;
    if (names.has(signal.name)) throw new TypeError(`rule ${rule} is declared twice: give one of them another name`);
    names.add(signal.name);
    if (signal.source.startsWith('unverified') && signal.confidence !== 'low') {
      throw new TypeError(`rule ${rule} is unverified and says "${signal.confidence}": it may say "low" only`);
    }
    if (signal.kind === 'weak' && signal.confidence !== 'low') {
      throw new TypeError(`rule ${rule} is a weak mark and says "${signal.confidence}": it may say "low" only`);
    }
    if (signal.kind === 'names' && STRONG.has(signal.confidence) && signal.ownDomain === undefined) {
      throw new TypeError(
        `rule ${rule} rests on names that any certificate may have and says "${signal.confidence}": name the domain of its maker, or say "medium"`,
      );
    }
    const stateful = expressionsOf(signal.when).find(({ flags }) => /[^i]/.test(flags));
    if (stateful !== undefined)
      throw new TypeError(`rule ${rule} has an expression with flags "${stateful.flags}": only "i" is taken`);
    if (Object.keys(signal.when).length === 0)
      throw new TypeError(`rule ${rule} has no condition: it would always hold`);
  }
  return Object.freeze(distribution);
}

const STRONG: ReadonlySet<Confidence> = new Set<Confidence>(['certain', 'high']);

function expressionsOf(value: unknown): RegExp[] {
  if (value instanceof RegExp) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(expressionsOf) : [];
}
