import type { Confidence, Exposure, Silence } from '@kubecensus/shared/vocabulary';

/** What the rules say of one evidence: a row of `fingerprints`. */
export interface Verdict {
  distribution: string;
  confidence: Confidence;
  /** gitVersion as told, cleaned. */
  version: string | null;
  /** `1.29`. */
  minor: string | null;
  /** Bracket of minors, where the version is not told. */
  minorLow: string | null;
  minorHigh: string | null;
  exposure: Exposure;
  silence: Silence | null;
  /** `kubernetes.default.svc.cluster.local` itself is among the leaf's names. */
  exactSan: boolean;
  /** /version answered 200 with a version. */
  answering: boolean;
  /** Why this verdict: one of the fingerprint's VERDICT_REASONS. */
  reason: string;
  rules: readonly string[];
  couldBe: readonly string[];
  contradictions: readonly unknown[];
}
