import type { BuildFamily } from '@kubecensus/shared/kubernetes';
import { CONFIDENCES, type Confidence } from '@kubecensus/shared/vocabulary';
import { DISTRIBUTIONS } from '../distributions/index.ts';
import { type Bracket, toBracket, toForeignBehaviour } from './bracket.ts';
import { type Candidate, toCandidates } from './candidates.ts';
import type { Facts } from './facts.ts';
import { toLookAlike } from './look-alikes.ts';
import { createRulebook, type Rulebook, recall } from './rulebook.ts';

/** Raised with every change that can change a verdict; stored beside each, so that the old ones are found. */
export const RULES_VERSION = 2;

/** No vendor's mark in a version that upstream itself would say. */
export const UPSTREAM = 'upstream';
/** Nothing tells, or strong marks tell different things. */
export const UNKNOWN = 'unknown';

/** Why a verdict is what it is. */
export const VERDICT_REASONS = [
  'marks', // its own marks, listed in `rules`
  'unmarked-version', // an upstream version, and no mark of any distribution
  'private-build', // commits after a tag, or an unstamped or changed tree: whose cannot be told
  'unattributed-suffix', // a vendor's suffix that no rule knows
  'contradiction', // strong marks of different distributions
  'impossible-version', // the version is not one that this distribution's servers say
  'look-alike', // not the component that was asked for
  'no-mark', // neither version nor mark
] as const;
export type VerdictReason = (typeof VERDICT_REASONS)[number];

export interface Contradiction {
  /**
   * Rules against the verdict; `<distribution>/versions` for a version that it never says, `<distribution>/certificate`
   * for a certificate without the marks that it always has; `first-flight/<behaviour>` for a first flight that is not of
   * the Go release which /version tells.
   */
  readonly rules: readonly string[];
  /** What they speak for instead; absent where they only refute. */
  readonly distribution?: string;
}

export interface Fingerprint {
  /** A distribution's name, `upstream` or `unknown`. */
  readonly distribution: string;
  readonly confidence: Confidence;
  readonly reason: VerdictReason;
  /** gitVersion as the server said it. */
  readonly version?: string;
  /** '1.29' */
  readonly minor?: string;
  /** Range of minors, from what the first flight tells of the Go release; only where no version was told. */
  readonly bracket?: Bracket;
  /** Rules that held for the verdict, sorted. */
  readonly rules: readonly string[];
  readonly contradictions: readonly Contradiction[];
  /** Other distributions that these facts do not exclude, sorted. */
  readonly couldBe: readonly string[];
  /** What it is instead, for the reason `look-alike`. */
  readonly lookAlike?: string;
}

const DEFAULT_RULEBOOK = createRulebook(DISTRIBUTIONS);

/**
 * What the facts say it is. Pure and total: the same facts and rules give the same verdict, whatever the order in
 * which distributions are declared.
 */
export function fingerprint(facts: Facts, rulebook: Rulebook = DEFAULT_RULEBOOK): Fingerprint {
  const lookAlike = toLookAlike(facts);
  const verdict =
    lookAlike === undefined
      ? withFirstFlight(facts, decide(facts, toCandidates(facts, rulebook), rulebook))
      : { ...unknown('look-alike', [], []), lookAlike };
  return Object.assign(verdict, withToolchain(toToldVersion(facts), verdict.distribution, rulebook));
}

/** A first flight that is not of the Go release told is kept as a contradiction; as the first one it costs a step. */
function withFirstFlight(facts: Facts, verdict: Fingerprint): Fingerprint {
  const foreign = toForeignBehaviour(facts);
  if (foreign === undefined) return verdict;
  const strength = CONFIDENCES.length - CONFIDENCES.indexOf(verdict.confidence);
  return {
    ...verdict,
    confidence: verdict.contradictions.length > 0 ? verdict.confidence : toConfidence(strength - 1),
    contradictions: [...verdict.contradictions, { rules: [`first-flight/${foreign.name}`] }],
  };
}

/** Who brings their own builds brings their own Go release: the bracket of upstream is then a hint. */
function withToolchain<T extends Pick<Fingerprint, 'bracket'>>(told: T, distribution: string, rulebook: Rulebook): T {
  if (told.bracket === undefined) return told;
  const isUpstreamBuilt =
    distribution === UPSTREAM || rulebook.distributions.get(distribution)?.versions === 'unmarked';
  return isUpstreamBuilt ? told : { ...told, bracket: { ...told.bracket, confidence: 'low' } };
}

function toToldVersion(facts: Facts): Pick<Fingerprint, 'version' | 'minor' | 'bracket'> {
  if (facts.version?.kind === 'version') {
    const { version, minorVersion } = facts.version;
    return { version: version.raw, ...(minorVersion === undefined ? {} : { minor: minorVersion }) };
  }
  const bracket = toBracket(facts);
  return bracket === undefined ? {} : { bracket };
}

function decide(facts: Facts, candidates: readonly Candidate[], rulebook: Rulebook): Fingerprint {
  const [winner, ...others] = candidates.filter(({ strength }) => strength > 0);
  if (winner === undefined) return decideWithoutMarks(facts, candidates, rulebook);
  const rivals = others.filter(({ distribution }) => !areRelated(distribution, winner.distribution, rulebook));
  const isSilent = isCertificateSilent(facts, winner, candidates, rulebook);
  const strongest = Math.max(isSilent ? MEDIUM : 0, ...rivals.map(({ strength }) => strength));
  if (isStandOff(winner.strength, strongest)) {
    const sides = [winner, ...rivals.filter(({ strength }) => strength >= Math.min(strongest, HIGH))];
    const names = sides.map(({ distribution }) => distribution);
    const against = isSilent ? [...sides.map(toContradiction), toSilence(winner)] : sides.map(toContradiction);
    return unknown('contradiction', against, [...names, ...toReconcilers(names, rulebook)]);
  }
  const fit = toVersionFit(facts, winner.distribution, rulebook);
  const refuted: Contradiction[] = fit === 'fits' ? [] : [{ rules: [`${winner.distribution}/versions`] }];
  const couldBe = toAlternatives(winner.distribution, facts, others, rulebook);
  if (fit === 'never') {
    return unknown('impossible-version', [toContradiction(winner), ...refuted], [winner.distribution, ...couldBe]);
  }
  const contradictions = rivals.filter(({ strength }) => strength >= MEDIUM).map(toContradiction);
  if (isSilent) contradictions.push(toSilence(winner));
  const doubts = (contradictions.length > 0 ? 1 : 0) + refuted.length;
  return {
    distribution: winner.distribution,
    confidence: toConfidence(winner.strength - doubts),
    reason: 'marks',
    rules: winner.rules,
    contradictions: [...contradictions, ...refuted],
    couldBe,
  };
}

/** A certificate was seen, it is of a kind that always carries a mark of the winner's, and it carries none. */
function isCertificateSilent(facts: Facts, winner: Candidate, candidates: readonly Candidate[], rulebook: Rulebook) {
  if (facts.leaf?.subject === undefined || facts.leaf.issuer === undefined) return false;
  if (rulebook.distributions.get(winner.distribution)?.certificateTells !== true) return false;
  const ground = rulebook.foundations.get(winner.distribution);
  return !candidates.some(
    ({ distribution, isSeenInTls }) =>
      isSeenInTls && (distribution === winner.distribution || ground?.has(distribution) === true),
  );
}

function toSilence({ distribution }: Candidate): Contradiction {
  return { rules: [`${distribution}/certificate`] };
}

/** One is built on the other, so that showing the marks of both is no contradiction. */
function areRelated(a: string, b: string, { foundations }: Rulebook): boolean {
  return foundations.get(a)?.has(b) === true || foundations.get(b)?.has(a) === true;
}

/** Indexes into CONFIDENCES from its weak end: low is 1, certain is 4. */
const MEDIUM = 2;
const HIGH = 3;

/** Two strong marks, or two equal ones, leave no honest choice. */
function isStandOff(winner: number, rival: number): boolean {
  return rival >= HIGH || rival >= winner;
}

function toConfidence(strength: number): Confidence {
  return CONFIDENCES[CONFIDENCES.length - Math.max(strength, 1)] ?? 'low';
}

function toContradiction({ distribution, rules }: Candidate): Contradiction {
  return { distribution, rules };
}

function decideWithoutMarks(facts: Facts, candidates: readonly Candidate[], rulebook: Rulebook): Fingerprint {
  const hinted = candidates.map(({ distribution }) => distribution);
  if (facts.version?.kind !== 'version') return unknown('no-mark', [], hinted);
  const { family } = facts.version.version;
  if (family === 'vendor') return unknown('unattributed-suffix', [], hinted);
  if (family === 'git-describe') return unknown('private-build', [], hinted);
  const possible = recall(rulebook, `${toSilenceKey(facts)} possible`, () =>
    [...rulebook.distributions.keys()].filter((name) => canBeSilent(name, facts, rulebook)).sort(),
  );
  return {
    distribution: UPSTREAM,
    confidence: family === 'release' || family === 'pre-release' ? 'medium' : 'low',
    reason: family === 'dirty' || family === 'unstamped' ? 'private-build' : 'unmarked-version',
    rules: [],
    contradictions: [],
    couldBe: possible,
  };
}

function unknown(reason: VerdictReason, contradictions: readonly Contradiction[], couldBe: string[]): Fingerprint {
  return {
    distribution: UNKNOWN,
    confidence: 'low',
    reason,
    rules: [],
    contradictions,
    couldBe: [...new Set(couldBe)].sort(),
  };
}

const UNMARKED_FAMILIES: ReadonlySet<BuildFamily> = new Set<BuildFamily>([
  'release',
  'pre-release',
  'ci',
  'git-describe',
  'dirty',
  'unstamped',
]);

/** Whether the version told, if any, is one that the distribution's servers say. */
function toVersionFit(facts: Facts, name: string, rulebook: Rulebook): 'fits' | 'unusual' | 'never' {
  const versions = rulebook.distributions.get(name)?.versions;
  if (facts.version?.kind !== 'version' || versions === undefined || versions === 'any') return 'fits';
  const { version } = facts.version;
  if (versions === 'unmarked') return UNMARKED_FAMILIES.has(version.family) ? 'fits' : 'unusual';
  return versions.test(version.raw) ? 'fits' : 'never';
}

/** Rivals, and what is built on the winner and need not show a mark of its own here. */
function toAlternatives(winner: string, facts: Facts, others: readonly Candidate[], rulebook: Rulebook): string[] {
  const builtOnIt = recall(rulebook, `${toSilenceKey(facts)} on ${winner}`, () =>
    [...rulebook.foundations.keys()]
      .filter((name) => rulebook.foundations.get(name)?.has(winner) === true && canBeSilent(name, facts, rulebook))
      .sort(),
  );
  const rivals = others.filter(({ distribution, strength }) => strength > 0 && distribution !== winner);
  if (rivals.length === 0) return builtOnIt;
  return [...new Set([...builtOnIt, ...rivals.map(({ distribution }) => distribution)])].sort();
}

/** All that `canBeSilent` looks at. */
function toSilenceKey({ leaf, version }: Facts): string {
  return `${leaf === undefined ? 'no leaf' : 'leaf'} ${version?.kind === 'version' ? version.version.raw : ''}`;
}

/** Whether the facts may come from this distribution although none of its marks is among them. */
function canBeSilent(name: string, facts: Facts, rulebook: Rulebook): boolean {
  const tells = rulebook.distributions.get(name)?.certificateTells === true && facts.leaf !== undefined;
  return !tells && toVersionFit(facts, name, rulebook) === 'fits';
}

/** What is built on both sides of a contradiction would resolve it. */
function toReconcilers(sides: readonly string[], rulebook: Rulebook): string[] {
  if (sides.length < 2) return [];
  return [...rulebook.foundations]
    .filter(([, foundations]) => sides.every((side) => foundations.has(side)))
    .map(([name]) => name);
}
