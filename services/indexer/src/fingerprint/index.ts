export type { Bracket } from './bracket.ts';
export { type Contradiction, UNKNOWN, UPSTREAM, VERDICT_REASONS, type VerdictReason } from './decide.ts';
export type { BodyKind, CertificateFacts, Facts, FlightFacts, HttpFacts, NameFacts } from './facts.ts';
export { type Fingerprint, fingerprint, RULES_VERSION } from './fingerprint.ts';
export { LOOK_ALIKES, type LookAlike, toLookAlike } from './look-alikes.ts';
export { partsToFacts, toCertificateFacts, toFacts, toNameFacts } from './to-facts.ts';
