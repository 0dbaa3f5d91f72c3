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

/** Whether any evidence has marks of another version. */
export async function hasOtherMarks(client: Queryable, marksVersion: number): Promise<boolean> {
  const { rows } = await client.query<{ has: boolean }>(
    `SELECT EXISTS (SELECT FROM evidence_marks WHERE marks_version < $1)
         OR EXISTS (SELECT FROM evidence_marks WHERE marks_version > $1) AS has`,
    [marksVersion],
  );
  return rows[0]?.has ?? false;
}

/** An empty table of this transaction's own for the evidence whose marks are to be read. */
async function createUnmarked(client: Queryable): Promise<void> {
  await client.query(
    'DROP TABLE IF EXISTS unmarked; CREATE TEMPORARY TABLE unmarked (evidence_id bigint PRIMARY KEY) ON COMMIT DROP',
  );
}

/** Fills `unmarked` with all evidence that has no marks of this version. */
export async function insertUnmarked(client: Queryable, marksVersion: number): Promise<void> {
  await createUnmarked(client);
  await client.query(
    `INSERT INTO unmarked
     SELECT evidence_id FROM evidence
     LEFT JOIN (SELECT evidence_id, true AS is_known FROM evidence_marks WHERE marks_version = $1) AS marked
       USING (evidence_id)
     WHERE is_known IS NULL ORDER BY evidence_id`,
    [marksVersion],
  );
  await client.query('ANALYZE unmarked');
}

/** Fills it with what `moved` shows and has no marks. */
export async function insertUnmarkedMoved(client: Queryable): Promise<void> {
  await createUnmarked(client);
  await client.query(
    `INSERT INTO unmarked
     SELECT DISTINCT shown FROM moved LEFT JOIN evidence_marks ON evidence_marks.evidence_id = shown
     WHERE shown IS NOT NULL AND evidence_marks.evidence_id IS NULL ORDER BY shown`,
  );
  await client.query('ANALYZE unmarked');
}

/** A page of `unmarked`, in the order of evidence_id. */
export async function selectUnmarkedEvidence(
  client: Queryable,
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
       SELECT evidence.* FROM unmarked JOIN evidence USING (evidence_id)
       WHERE evidence_id > $1 ORDER BY evidence_id LIMIT $2
     ) AS page
     LEFT JOIN certificates AS leaf ON leaf.certificate_hash = chain[1]
     LEFT JOIN certificates AS authority ON authority.certificate_hash = chain[2]
     LEFT JOIN responses USING (response_hash)
     ORDER BY evidence_id`,
    [afterEvidenceId, limit],
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
