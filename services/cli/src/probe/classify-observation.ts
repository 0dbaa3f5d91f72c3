import { exposure, fingerprint, toFacts } from '@kubecensus/indexer';
import type { Observation } from '@kubecensus/shared/messages';
import { cleanText } from '@kubecensus/shared/text';
import { RECORDED_OUTCOMES } from '@kubecensus/shared/vocabulary';

/** As long as the record keeps a version. */
const MAX_VERSION_LENGTH = 256;

/** What the rules say of one look, as it stands in a line: the verdict, and how much a stranger was shown. */
export type Classification = {
  readonly fingerprint: Readonly<Record<string, unknown>>;
  readonly exposure: Readonly<Record<string, unknown>>;
};

/**
 * The verdict that the record would give, from the same rules and without a database. Undefined where nothing was found
 * that the record would keep.
 */
export function classifyObservation(observation: Observation): Classification | undefined {
  const { component, port, reason, evidence, outcome } = observation;
  if (!RECORDED_OUTCOMES.has(outcome)) return undefined;
  const facts = toFacts(evidence, port, component, reason);
  const { version, bracket, couldBe, contradictions, lookAlike, ...verdict } = fingerprint(facts);
  const { exposure: level, silence, exactSan, answering, notMeasured } = exposure(component, facts);
  return {
    fingerprint: {
      distribution: verdict.distribution,
      version: version === undefined ? null : cleanText(version, MAX_VERSION_LENGTH),
      minor: verdict.minor ?? null,
      confidence: verdict.confidence,
      rules: verdict.rules,
      reason: verdict.reason,
      ...(bracket !== undefined && { bracket }),
      ...(couldBe.length > 0 && { could_be: couldBe }),
      ...(contradictions.length > 0 && { contradictions }),
      ...(lookAlike !== undefined && { look_alike: lookAlike }),
    },
    exposure: {
      level,
      ...(silence !== undefined && { silence }),
      exact_san: exactSan,
      answering,
      ...(notMeasured.length > 0 && { not_measured: notMeasured }),
    },
  };
}
