import { toError } from '@kubecensus/shared/errors';
import { cleanText } from '@kubecensus/shared/text';
import type { Component, PresentReason } from '@kubecensus/shared/vocabulary';
import { exposure } from '../exposure/index.ts';
import { fingerprint, partsToFacts, RULES_VERSION } from '../fingerprint/index.ts';
import type { StoredParts } from './stored-parts.ts';
import type { Verdict } from './verdict.ts';

/** The part of an evidence row that rules read beside the bytes. */
export interface EvidenceHead {
  component: Component;
  port: number;
  reason: PresentReason | null;
}

/** Gives a verdict for whatever a stranger sent; pure, so that what is stored can be judged again. */
export interface Classifier {
  /** Raised with every change that can change a verdict. */
  rulesVersion: number;
  /** Undefined where the rules failed: the evidence is kept without a verdict, until they are mended and run again. */
  classify(head: EvidenceHead, parts: StoredParts): Verdict | undefined;
}

/** A classifier that tells of a rule that throws, and goes on: one endpoint may not hold up the record of the others. */
export function guardClassifier(
  classifier: Classifier,
  onFailure: (error: Error, head: EvidenceHead) => void,
): Classifier {
  return {
    rulesVersion: classifier.rulesVersion,
    classify(head, parts) {
      try {
        return classifier.classify(head, parts);
      } catch (caught) {
        onFailure(toError(caught), head);
        return undefined;
      }
    },
  };
}

/** The rules of this program. */
export const CLASSIFIER: Classifier = { rulesVersion: RULES_VERSION, classify };

function classify(head: EvidenceHead, parts: StoredParts): Verdict {
  const facts = partsToFacts(parts, head);
  const { bracket, ...print } = fingerprint(facts);
  const shown = exposure(head.component, facts);
  return {
    distribution: print.distribution,
    confidence: print.confidence,
    version: print.version === undefined ? null : cleanText(print.version, 256),
    minor: print.minor ?? null,
    minorLow: bracket?.low ?? null,
    minorHigh: bracket?.high ?? null,
    exposure: shown.exposure,
    silence: shown.silence ?? null,
    exactSan: shown.exactSan,
    answering: shown.answering,
    reason: print.reason,
    rules: print.rules,
    couldBe: print.couldBe,
    contradictions: print.contradictions,
  };
}
