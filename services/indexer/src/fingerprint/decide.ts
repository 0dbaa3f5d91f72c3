import type { BuildFamily, KubernetesVersion } from '@kubecensus/shared/kubernetes';
import { CONFIDENCES, type Confidence } from '@kubecensus/shared/vocabulary';
import { type Candidate, toCandidates } from './candidates.ts';
import type { Facts } from './facts.ts';
import type { Rule, Rulebook } from './rulebook.ts';

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

/** What the marks say, before the first flight has a word. */
export interface Decision {
  /** A distribution's name, `upstream` or `unknown`. */
  readonly distribution: string;
  readonly confidence: Confidence;
  readonly reason: VerdictReason;
  /** Rules that held for the verdict, sorted. */
  readonly rules: readonly string[];
  readonly contradictions: readonly Contradiction[];
  /** Other distributions that these facts do not exclude, sorted. */
  readonly couldBe: readonly string[];
}

/** All that is looked at beside the rules that held. */
export interface Seen {
  /** Whether there was a certificate, and whether its subject and issuer could be read. */
  readonly leaf: 'none' | 'without-names' | 'named';
  /** Told by a document that was judged to be Kubernetes' own. */
  readonly version?: KubernetesVersion;
}

export function toSeen({ leaf, version }: Facts): Seen {
  const names = leaf?.subject === undefined || leaf.issuer === undefined ? 'without-names' : 'named';
  const seen = leaf === undefined ? 'none' : names;
  return version?.kind === 'version' ? { leaf: seen, version: version.version } : { leaf: seen };
}

/** What the rules that held come to, beside the version told. */
export function decide(held: readonly Rule[], seen: Seen, rulebook: Rulebook): Decision {
  const candidates = toCandidates(held, rulebook);
  const [winner, ...others] = withoutRefuted(candidates, seen, rulebook).filter(({ strength }) => strength > 0);
  if (winner === undefined) return decideWithoutMarks(seen, candidates, rulebook);
  const rivals = others.filter(({ distribution }) => !areRelated(distribution, winner.distribution, rulebook));
  const isSilent = isCertificateSilent(seen, winner, candidates, rulebook);
  const strongest = Math.max(isSilent ? MEDIUM : 0, ...rivals.map(({ strength }) => strength));
  if (isStandOff(winner.strength, strongest)) {
    const sides = [winner, ...rivals.filter(({ strength }) => strength >= Math.min(strongest, HIGH))];
    const names = sides.map(({ distribution }) => distribution);
    const against = isSilent ? [...sides.map(toContradiction), toSilence(winner)] : sides.map(toContradiction);
    return unknown('contradiction', against, [...names, ...toReconcilers(names, rulebook)]);
  }
  const fit = toVersionFit(seen, winner.distribution, rulebook);
  const refuted: Contradiction[] = fit === 'fits' ? [] : [{ rules: [`${winner.distribution}/versions`] }];
  const couldBe = toAlternatives(winner.distribution, seen, others, rulebook);
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

/**
 * A modest mark of something that never says the version told gives way to what it is built on, where that fits: the
 * mark was then the ground's own.
 */
function withoutRefuted(candidates: readonly Candidate[], seen: Seen, rulebook: Rulebook): readonly Candidate[] {
  const [first, ...rest] = candidates;
  if (first === undefined || first.strength > MEDIUM) return candidates;
  if (toVersionFit(seen, first.distribution, rulebook) !== 'never') return candidates;
  const ground = rulebook.foundations.get(first.distribution);
  const bearer = rest.find(({ distribution, strength }) => strength >= first.strength && ground?.has(distribution));
  return bearer !== undefined && toVersionFit(seen, bearer.distribution, rulebook) === 'fits' ? rest : candidates;
}

/** A rule that speaks against the whole: it is kept, and as the first such it costs a step of confidence. */
export function withDoubt(decision: Decision, rule: string): Decision {
  const strength = CONFIDENCES.length - CONFIDENCES.indexOf(decision.confidence);
  const confidence = decision.contradictions.length > 0 ? decision.confidence : toConfidence(strength - 1);
  return { ...decision, confidence, contradictions: [...decision.contradictions, { rules: [rule] }] };
}

/** A certificate was seen, it is of a kind that always carries a mark of the winner's, and it carries none. */
function isCertificateSilent(seen: Seen, winner: Candidate, candidates: readonly Candidate[], rulebook: Rulebook) {
  if (seen.leaf !== 'named') return false;
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

function decideWithoutMarks(seen: Seen, candidates: readonly Candidate[], rulebook: Rulebook): Decision {
  const hinted = candidates.map(({ distribution }) => distribution);
  if (seen.version === undefined) return unknown('no-mark', [], hinted);
  const { family } = seen.version;
  if (family === 'vendor') return unknown('unattributed-suffix', [], hinted);
  if (family === 'git-describe') return unknown('private-build', [], hinted);
  const possible = [...rulebook.distributions.keys()].filter((name) => canBeSilent(name, seen, rulebook)).sort();
  return {
    distribution: UPSTREAM,
    confidence: family === 'release' || family === 'pre-release' ? 'medium' : 'low',
    reason: family === 'dirty' || family === 'unstamped' ? 'private-build' : 'unmarked-version',
    rules: [],
    contradictions: [],
    couldBe: possible,
  };
}

function unknown(reason: VerdictReason, contradictions: readonly Contradiction[], couldBe: string[]): Decision {
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
function toVersionFit({ version }: Seen, name: string, rulebook: Rulebook): 'fits' | 'unusual' | 'never' {
  const distribution = rulebook.distributions.get(name);
  if (version === undefined || distribution === undefined) return 'fits';
  const { versions, tellsVersion } = distribution;
  if (tellsVersion === false) return 'never';
  if (versions === 'any') return 'fits';
  if (versions === 'unmarked') return UNMARKED_FAMILIES.has(version.family) ? 'fits' : 'unusual';
  return versions.test(version.raw) ? 'fits' : 'never';
}

/** Rivals, and what is built on the winner and need not show a mark of its own here. */
function toAlternatives(winner: string, seen: Seen, others: readonly Candidate[], rulebook: Rulebook): string[] {
  const builtOnIt = [...rulebook.foundations.keys()]
    .filter((name) => rulebook.foundations.get(name)?.has(winner) === true && canBeSilent(name, seen, rulebook))
    .sort();
  const rivals = others.filter(({ distribution, strength }) => strength > 0 && distribution !== winner);
  if (rivals.length === 0) return builtOnIt;
  return [...new Set([...builtOnIt, ...rivals.map(({ distribution }) => distribution)])].sort();
}

/** Whether the facts may come from this distribution although none of its marks is among them. */
function canBeSilent(name: string, seen: Seen, rulebook: Rulebook): boolean {
  const tells = rulebook.distributions.get(name)?.certificateTells === true && seen.leaf !== 'none';
  return !tells && toVersionFit(seen, name, rulebook) === 'fits';
}

/** What is built on both sides of a contradiction would resolve it. */
function toReconcilers(sides: readonly string[], rulebook: Rulebook): string[] {
  if (sides.length < 2) return [];
  return [...rulebook.foundations]
    .filter(([, foundations]) => sides.every((side) => foundations.has(side)))
    .map(([name]) => name);
}

/** It is not what was asked for, whatever rules hold. */
export const LOOKS_ALIKE: Decision = unknown('look-alike', [], []);
