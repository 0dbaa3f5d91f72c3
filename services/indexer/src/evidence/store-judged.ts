import type { Queryable } from '@kubecensus/shared/database';
import { RECORDED_OUTCOMES } from '@kubecensus/shared/vocabulary';
import { upsertFingerprints } from '../store/upsert-fingerprints.ts';
import type { AddressedEvidence } from './addressed-evidence.ts';
import type { Classifier } from './classifier.ts';
import { storeEvidence } from './store-evidence.ts';
import type { Verdict } from './verdict.ts';

/** Stores evidence as storeEvidence does, and the verdict of what is new to the record. */
export async function storeJudged(
  client: Queryable,
  classifier: Classifier,
  evidence: readonly AddressedEvidence[],
): Promise<{ ids: Map<string, number> }> {
  const { ids, added } = await storeEvidence(client, evidence);
  const judged = [...added].filter(([, { outcome }]) => RECORDED_OUTCOMES.has(outcome));
  const fingerprints = judged.flatMap(([hash, one]) => {
    const evidenceId = ids.get(hash);
    const verdict = judge(classifier, one);
    return evidenceId === undefined || verdict === undefined ? [] : [{ evidenceId, verdict }];
  });
  await upsertFingerprints(client, classifier.rulesVersion, fingerprints);
  return { ids };
}

function judge(classifier: Classifier, evidence: AddressedEvidence): Verdict | undefined {
  return classifier.classify(evidence, {
    chain: evidence.chain.map(({ der }) => der),
    chainLength: evidence.chainLength,
    clientCas: evidence.clientCas?.names ?? null,
    firstFlightJson: evidence.firstFlight?.json ?? null,
    response: evidence.response,
  });
}
