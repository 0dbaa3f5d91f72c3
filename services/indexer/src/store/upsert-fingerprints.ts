import { prepared, type Queryable } from '@kubecensus/shared/database';
import type { Verdict } from '../evidence/verdict.ts';
import { toTextArrayText } from './text-array-text.ts';

/** Replaces a verdict of older rules, never one of newer: two versions of the program may run side by side. */
export async function upsertFingerprints(
  client: Queryable,
  rulesVersion: number,
  fingerprints: readonly { evidenceId: number; verdict: Verdict }[],
): Promise<void> {
  if (fingerprints.length === 0) return;
  const verdicts = fingerprints.map(({ verdict }) => verdict);
  await client.query(
    prepared(
      `INSERT INTO fingerprints AS kept (evidence_id, rules_version, distribution, confidence, version, minor, minor_low,
                               minor_high, exposure, silence, exact_san, answering, reason, rules, could_be,
                                       contradictions)
     SELECT evidence_id, $2, distribution, confidence, version, minor, minor_low, minor_high, exposure, silence,
            exact_san, answering, reason, rules::text[],
            could_be::text[], contradictions
     FROM unnest($1::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                 $10::text[], $11::boolean[], $12::boolean[], $13::text[], $14::text[], $15::text[], $16::jsonb[])
       AS new (evidence_id, distribution, confidence, version, minor, minor_low, minor_high, exposure, silence,
               exact_san, answering, reason, rules, could_be, contradictions)
     ORDER BY evidence_id
     ON CONFLICT (evidence_id) DO UPDATE SET
       rules_version = excluded.rules_version, distribution = excluded.distribution,
       confidence = excluded.confidence, version = excluded.version, minor = excluded.minor,
       minor_low = excluded.minor_low, minor_high = excluded.minor_high, exposure = excluded.exposure,
       silence = excluded.silence, exact_san = excluded.exact_san, answering = excluded.answering,
       reason = excluded.reason, rules = excluded.rules, could_be = excluded.could_be,
       contradictions = excluded.contradictions
     WHERE kept.rules_version < excluded.rules_version`,
      [
        fingerprints.map(({ evidenceId }) => evidenceId),
        rulesVersion,
        verdicts.map(({ distribution }) => distribution),
        verdicts.map(({ confidence }) => confidence),
        verdicts.map(({ version }) => version),
        verdicts.map(({ minor }) => minor),
        verdicts.map(({ minorLow }) => minorLow),
        verdicts.map(({ minorHigh }) => minorHigh),
        verdicts.map(({ exposure }) => exposure),
        verdicts.map(({ silence }) => silence),
        verdicts.map(({ exactSan }) => exactSan),
        verdicts.map(({ answering }) => answering),
        verdicts.map(({ reason }) => reason),
        verdicts.map(({ rules }) => toTextArrayText(rules)),
        verdicts.map(({ couldBe }) => toTextArrayText(couldBe)),
        verdicts.map(({ contradictions }) => JSON.stringify(contradictions)),
      ],
    ),
  );
}
