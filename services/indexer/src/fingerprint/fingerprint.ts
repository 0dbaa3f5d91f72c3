import type { Confidence } from '@kubecensus/shared/vocabulary';
import { DISTRIBUTIONS } from '../distributions/index.ts';
import { type Bracket, toBracket, toForeignBehaviour } from './bracket.ts';
import { type Decision, LOOKS_ALIKE, toSeen, UPSTREAM, withDoubt } from './decide.ts';
import { type Facts, isOfApiServer } from './facts.ts';
import { recallDecision } from './holding.ts';
import { OTHER_DOCUMENT, toLookAlike } from './look-alikes.ts';
import { createRulebook, type Rule, type Rulebook } from './rulebook.ts';

/** Raised with every change that can change a verdict; stored beside each, so that the old ones are found. */
export const RULES_VERSION = 4;

export interface Fingerprint extends Decision {
  /** gitVersion as the server said it. */
  readonly version?: string;
  /** '1.29' */
  readonly minor?: string;
  /** Range of minors, from what the first flight tells of the Go release; only where no version was told. */
  readonly bracket?: Bracket;
  /** What it is instead, for the reason `look-alike`. */
  readonly lookAlike?: string;
}

const DEFAULT_RULEBOOK = createRulebook(DISTRIBUTIONS);
const NO_RULES: readonly Rule[] = [];

/**
 * What the facts say it is. Pure and total: the same facts and rules give the same verdict, whatever the order in
 * which distributions are declared.
 */
export function fingerprint(facts: Facts, rulebook: Rulebook = DEFAULT_RULEBOOK): Fingerprint {
  const shown = toLookAlike(facts);
  const odd = shown === OTHER_DOCUMENT ? toDecisionInSpite(facts, rulebook) : undefined;
  const lookAlike = odd === undefined ? shown : undefined;
  const decision = odd ?? (lookAlike === undefined ? toDecision(facts, rulebook) : LOOKS_ALIKE);
  const { distribution, confidence, reason, rules, contradictions, couldBe } = decision;
  // Set one by one: copies of the decision that grow by optional fields cost three times as much.
  const told: Written<Fingerprint> = { distribution, confidence, reason, rules, contradictions, couldBe };
  if (facts.version?.kind === 'version') {
    const { version, minorVersion } = facts.version;
    told.version = version.raw;
    if (minorVersion !== undefined) told.minor = minorVersion;
    return told;
  }
  const bracket = toBracket(facts);
  if (bracket !== undefined) told.bracket = withToolchain(bracket, distribution, rulebook);
  if (lookAlike !== undefined) told.lookAlike = lookAlike;
  return told;
}

type Written<T> = { -readonly [Field in keyof T]: T[Field] };

function toDecision(facts: Facts, rulebook: Rulebook): Decision {
  const rules = rulebook.rules.get(facts.component)?.(facts) ?? NO_RULES;
  const decision = recallDecision(rulebook, rules, toSeen(facts));
  const foreign = toForeignBehaviour(facts);
  return foreign === undefined ? decision : withDoubt(decision, `first-flight/${foreign.name}`);
}

/**
 * An API server that an exact certificate proves is one, whatever stands in its document; that it does is held against
 * the verdict. Nothing, where the certificate proves less: then it is the document that tells what the server is.
 */
function toDecisionInSpite(facts: Facts, rulebook: Rulebook): Decision | undefined {
  if (facts.version?.kind !== 'look-alike' || facts.leaf === undefined || !isOfApiServer(facts.leaf)) return undefined;
  const decision = toDecision(facts, rulebook);
  const isProved = decision.reason === 'marks' && STRONG.has(decision.confidence);
  return isProved ? withDoubt(decision, `version-document/${facts.version.reason}`) : undefined;
}

const STRONG: ReadonlySet<Confidence> = new Set<Confidence>(['certain', 'high']);

/** Who brings their own builds brings their own Go release: the bracket of upstream is then a hint. */
function withToolchain(bracket: Bracket, distribution: string, { distributions }: Rulebook): Bracket {
  const isUpstreamBuilt = distribution === UPSTREAM || distributions.get(distribution)?.versions === 'unmarked';
  return isUpstreamBuilt ? bracket : { ...bracket, confidence: 'low' };
}
