import type { Queryable } from '@kubecensus/shared/database';
import { compileQuery, type PatternPart, type Term, toLikePattern } from '@kubecensus/shared/history';
import { createRecordDialect } from './record-dialect.ts';

/**
 * Evidence that is gathered before a page is found. More of it is shown by so many endpoints that a walk over all of
 * them soon has a page together.
 */
const MAX_EVIDENCE = 20_000;
/** A trigram index knows nothing of less. */
const MIN_LITERAL = 3;

/**
 * The evidence whose certificate has a name that a term means; undefined where the index cannot tell, or there is too
 * much of it. The index holds the names of a certificate as one text, so what it finds is looked at name by name.
 */
export async function selectEvidenceOfNames(client: Queryable, term: Term): Promise<ReadonlySet<number> | undefined> {
  const { field, test } = term;
  if (field !== 'san' || test.kind !== 'any') return undefined;
  const likes: string[] = [];
  for (const value of test.of) {
    if (value.kind !== 'text' || !hasLiteral(value.pattern)) return undefined;
    likes.push(toLikePattern(value.pattern));
  }
  const { rows: common } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM unnest(common_names()) AS name, unnest($1::text[]) AS wanted
                    WHERE name LIKE lower(wanted)) AS found`,
    [likes],
  );
  if (common[0]?.found !== false) return undefined;
  const dialect = createRecordDialect([], '1970-01-01', false);
  const exact = compileQuery(term, dialect);
  const near = likes.map((like) => `searchable_names(dns_names) LIKE lower(${dialect.parameter(`%${like}%`)})`);
  const { rows } = await client.query<{ evidence_id: number }>(
    `SELECT evidence_id FROM certificates AS leaf JOIN evidence ON chain[1] = certificate_hash
     WHERE (${near.join(' OR ')}) AND ${exact} LIMIT ${MAX_EVIDENCE + 1}`,
    dialect.values,
  );
  return rows.length > MAX_EVIDENCE ? undefined : new Set(rows.map((row) => row.evidence_id));
}

function hasLiteral(pattern: readonly PatternPart[]): boolean {
  return pattern.some((part) => 'text' in part && part.text.length >= MIN_LITERAL);
}
