import type { Queryable } from '@kubecensus/shared/database';
import type { MarkedEvidence } from '../marked-evidence.ts';
import type { Marks } from '../marks.ts';

interface Row extends Omit<MarkedEvidence, 'authority'> {
  evidenceId: number;
  hasAuthority: boolean;
  authoritySubject: string | null;
  authorityIssuer: string | null;
  authorityNotBefore: Date | null;
}

/** A page of evidence that has no marks of this version, in the order of evidence_id. */
export async function selectUnmarkedEvidence(
  client: Queryable,
  marksVersion: number,
  afterEvidenceId: number,
  limit: number,
): Promise<({ evidenceId: number } & MarkedEvidence)[]> {
  const { rows } = await client.query<Row>(
    `SELECT evidence_id AS "evidenceId", component, encode(chain[1], 'hex') AS "certificateHash",
            leaf.subject, leaf.issuer, leaf.authority_key_id AS "authorityKeyId",
            COALESCE(leaf.dns_names, '{}') AS "dnsNames", leaf.not_before AS "notBefore",
            authority.certificate_hash IS NOT NULL AS "hasAuthority", authority.subject AS "authoritySubject",
            authority.issuer AS "authorityIssuer", authority.not_before AS "authorityNotBefore",
            (SELECT header ->> 1 FROM jsonb_array_elements(responses.headers) AS header
             WHERE lower(header ->> 0) = 'x-kubernetes-pf-flowschema-uid' LIMIT 1) AS "flowSchemaUid",
            encode(response_hash, 'hex') AS "responseHash"
     FROM (
       SELECT evidence.* FROM evidence
       -- One look-up for each: a plan that joins whole tables would do so for every page.
       LEFT JOIN LATERAL (
         SELECT evidence_id FROM evidence_marks
         WHERE evidence_marks.evidence_id = evidence.evidence_id AND marks_version = $1 LIMIT 1) AS known ON true
       WHERE evidence.evidence_id > $2 AND known.evidence_id IS NULL
       ORDER BY evidence.evidence_id LIMIT $3
     ) AS unmarked
     LEFT JOIN certificates AS leaf ON leaf.certificate_hash = chain[1]
     LEFT JOIN certificates AS authority ON authority.certificate_hash = chain[2]
     LEFT JOIN responses USING (response_hash)
     ORDER BY evidence_id`,
    [marksVersion, afterEvidenceId, limit],
  );
  return rows.map(({ hasAuthority, authoritySubject, authorityIssuer, authorityNotBefore, ...row }) => ({
    ...row,
    authority: hasAuthority
      ? { subject: authoritySubject, issuer: authorityIssuer, notBefore: authorityNotBefore }
      : null,
  }));
}

export async function upsertMarks(
  client: Queryable,
  marksVersion: number,
  marked: readonly { evidenceId: number; marks: Marks }[],
): Promise<void> {
  const of = marked.map(({ marks }) => marks);
  await client.query(
    `INSERT INTO evidence_marks (evidence_id, marks_version, shown_hash, identity, flow_schema, born_at, born_by)
     SELECT evidence_id, $1, decode(shown, 'hex'), identity, flow_schema, born_at, born_by
     FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
       AS new (evidence_id, shown, identity, flow_schema, born_at, born_by)
     ON CONFLICT (evidence_id) DO UPDATE SET
       marks_version = excluded.marks_version, shown_hash = excluded.shown_hash, identity = excluded.identity,
       flow_schema = excluded.flow_schema, born_at = excluded.born_at, born_by = excluded.born_by`,
    [
      marksVersion,
      marked.map(({ evidenceId }) => evidenceId),
      of.map(({ shownHash }) => shownHash ?? null),
      of.map(({ identity }) => identity ?? null),
      of.map(({ flowSchema }) => flowSchema ?? null),
      of.map(({ birth }) => birth?.at ?? null),
      of.map(({ birth }) => birth?.by ?? null),
    ],
  );
}
