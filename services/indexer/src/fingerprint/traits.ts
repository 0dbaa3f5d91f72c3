import type { NamePattern } from '../distributions/define-distribution.ts';
import { matchesName, toLiteral } from './conditions.ts';
import type { NameFacts } from './facts.ts';

/**
 * A trait is one thing that conditions ask of one value: a name, an address, a version. Each is numbered, so that what
 * many conditions ask of a value is asked once.
 */
export type Trait = number;

/** Gives the same number for the same question of the same kind of value. */
export interface TraitNumbers {
  of(question: string): Trait;
  readonly count: number;
}

export function numberTraits(): TraitNumbers {
  const numbers = new Map<string, Trait>();
  return {
    of(question) {
      const known = numbers.get(question);
      if (known !== undefined) return known;
      numbers.set(question, numbers.size);
      return numbers.size - 1;
    },
    get count() {
      return numbers.size;
    },
  };
}

const NONE: readonly Trait[] = [];

/** Traits of texts that are asked for as they stand. */
export class ExactTraits {
  readonly #byText = new Map<string, Trait[]>();

  add(text: string, trait: Trait): void {
    const traits = this.#byText.get(text);
    if (traits === undefined) this.#byText.set(text, [trait]);
    else if (!traits.includes(trait)) traits.push(trait);
  }

  of(text: string): readonly Trait[] {
    return this.#byText.get(text) ?? NONE;
  }
}

interface ExpressionTrait {
  readonly expression: RegExp;
  readonly trait: Trait;
}

/**
 * Traits of DNS names. Names that stand in rules, and those that every API server has, are answered from a table; others
 * meet the expressions for their domain, and those that name no domain.
 */
export class DnsTraits {
  readonly #exact = new ExactTraits();
  readonly #traits = new Set<Trait>();
  readonly #ofDomain = new Map<string, ExpressionTrait[]>();
  readonly #ofAnyDomain: ExpressionTrait[] = [];
  /** Those that a name without a dot can match. */
  readonly #ofBareNames: ExpressionTrait[] = [];
  readonly #answers = new Map<string, readonly Trait[]>();

  addName(name: string, trait: Trait): void {
    this.#exact.add(name, trait);
    this.#answers.set(name, NONE);
  }

  addExpression(expression: RegExp, trait: Trait): void {
    if (this.#traits.has(trait)) return;
    this.#traits.add(trait);
    const added = { expression, trait };
    const domain = toDomain(expression);
    if (domain === '') this.#ofAnyDomain.push(added);
    else this.#ofDomain.set(domain, [...(this.#ofDomain.get(domain) ?? []), added]);
    if (!toLiteral(expression).includes('.')) this.#ofBareNames.push(added);
  }

  /** To be called once, after the last was added: works out the table of the names that are known by then. */
  seal(commonNames: readonly string[]): void {
    for (const name of [...commonNames, ...this.#answers.keys()]) this.#answers.set(name, this.#ask(name));
  }

  of(name: string): readonly Trait[] {
    return this.#answers.get(name) ?? this.#ask(name);
  }

  #ask(name: string): readonly Trait[] {
    const lastDot = name.lastIndexOf('.');
    const found: Trait[] = [];
    if (lastDot < 0) addMatches(this.#ofBareNames, name, found);
    else {
      addMatches(this.#ofAnyDomain, name, found);
      const ofDomain = this.#ofDomain.get(name.slice(name.lastIndexOf('.', lastDot - 1) + 1));
      if (ofDomain !== undefined) addMatches(ofDomain, name, found);
    }
    const exact = this.#exact.of(name);
    if (exact.length > 0) found.push(...exact);
    return found;
  }
}

function addMatches(expressions: readonly ExpressionTrait[], name: string, found: Trait[]): void {
  for (const { expression, trait } of expressions) if (expression.test(name)) found.push(trait);
}

/**
 * The last two labels of every name that matches the expression, `amazonaws.com`; '' where they are not to be seen: it
 * must end in a dot, two labels in plain letters and the end of the name, outside of any alternative.
 */
export function toDomain({ source, flags }: RegExp): string {
  const outside = source.replace(/\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]/g, '');
  if (flags !== '' || outside.includes('|')) return '';
  const [, first, second] = /\\\.([a-z0-9-]+)\\\.([a-z0-9-]+)\$$/.exec(source) ?? [];
  return first === undefined || second === undefined ? '' : `${first}.${second}`;
}

interface NameTrait {
  readonly pattern: NamePattern;
  readonly trait: Trait;
}

/** Traits of distinguished names: by the common name where a pattern gives it in full. */
export class DistinguishedNameTraits {
  readonly #byCommonName = new Map<string, NameTrait[]>();
  readonly #others: NameTrait[] = [];

  add(pattern: NamePattern, trait: Trait): void {
    const { cn } = pattern;
    const list = typeof cn === 'string' ? (this.#byCommonName.get(cn) ?? []) : this.#others;
    if (list.some((known) => known.trait === trait)) return;
    list.push({ pattern, trait });
    if (typeof cn === 'string') this.#byCommonName.set(cn, list);
  }

  forEach(name: NameFacts, found: (trait: Trait) => void): void {
    const named = name.cn === undefined ? undefined : this.#byCommonName.get(name.cn);
    if (named !== undefined) for (const { pattern, trait } of named) if (matchesName(pattern, name)) found(trait);
    for (const { pattern, trait } of this.#others) if (matchesName(pattern, name)) found(trait);
  }
}

/** Versions that are remembered. Servers say some thousand different ones; strangers may say any number. */
const MAX_VERSIONS = 20_000;

/** Traits of gitVersions, worked out once for each. */
export class VersionTraits {
  readonly #expressions: { readonly expression: RegExp; readonly trait: Trait }[] = [];
  readonly #answers = new Map<string, readonly Trait[]>();

  add(expression: RegExp, trait: Trait): void {
    if (!this.#expressions.some((known) => known.trait === trait)) this.#expressions.push({ expression, trait });
  }

  of(gitVersion: string): readonly Trait[] {
    const known = this.#answers.get(gitVersion);
    if (known !== undefined) return known;
    const found = this.#expressions.filter(({ expression }) => expression.test(gitVersion)).map(({ trait }) => trait);
    if (this.#answers.size >= MAX_VERSIONS) this.#answers.clear();
    this.#answers.set(gitVersion, found);
    return found;
  }
}
