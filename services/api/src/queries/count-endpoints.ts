import { withTransaction } from '@kubecensus/shared/database';
import { KubecensusError } from '@kubecensus/shared/errors';
import { SILENCES } from '@kubecensus/shared/vocabulary';
import type pg from 'pg';
import { DIMENSIONS, type Dimension, isDimension, isOfPlace } from './dimensions.ts';
import { toMembers, toPlaceJoin } from './members.ts';
import { type Population, resolveSubject, type Subject } from './resolve-subject.ts';

export interface CountOptions extends Subject {
  /** Splits the counts; each combination that occurs is a row. */
  by?: readonly string[];
  /** `host`: distinct addresses. A host with two endpoints in two rows counts in both, and once in the totals. */
  unit?: 'endpoint' | 'host';
}

/** Never mixed: each of these is a different statement about the same endpoints. */
export interface Counts {
  /** Showed the component's evidence. */
  present: number;
  /** Of those: `kubernetes.default.svc.cluster.local` itself is in the certificate. */
  exactSan: number;
  /** Of those: said its version to anyone. */
  answering: number;
  /** Of those: answered or showed itself, and refused; by why. */
  silent: Record<string, number>;
  /** Beside those: imitations, recognised as such; never part of `present`. */
  lookAlikes: number;
}

export interface CountRow extends Counts {
  key: Record<string, string | number | null>;
}

export interface EndpointCount {
  of: Population;
  unit: 'endpoint' | 'host';
  by: Dimension[];
  /** Most present first, then by key. */
  rows: CountRow[];
  totals: Counts;
}

interface GroupRow extends Counts {
  key: (string | number | null)[];
  isTotal: boolean;
}

/** @throws {KubecensusError} QUERY_DIMENSION_UNKNOWN, and what resolveSubject throws */
export async function countEndpoints(pool: pg.Pool, options: CountOptions = {}): Promise<EndpointCount> {
  const by = toDimensions(options.by ?? []);
  const unit = options.unit ?? 'endpoint';
  // One snapshot: a census that is closed in between changes nothing.
  return withTransaction(
    pool,
    async (client) => {
      const of = await resolveSubject(client, options);
      const members = toMembers(of);
      const place = by.some(isOfPlace) ? toPlaceJoin(of) : '';
      const { rows } = await client.query<GroupRow>(toCountSql(members.sql, place, by, unit), members.values);
      return { of, unit, by, ...toCounts(rows, by) };
    },
    { isolation: 'repeatable read' },
  );
}

export function toDimensions(names: readonly string[]): Dimension[] {
  return [...new Set(names)].map((name) => {
    if (isDimension(name)) return name;
    throw new KubecensusError(
      'QUERY_DIMENSION_UNKNOWN',
      `counts cannot be split by ${JSON.stringify(name)}; use ${Object.keys(DIMENSIONS).join(', ')}`,
    );
  });
}

function toCountSql(members: string, place: string, by: readonly Dimension[], unit: 'endpoint' | 'host'): string {
  const counted = unit === 'host' ? 'count(DISTINCT address)' : 'count(*)';
  const columns = by.map((_, at) => `d${at}`);
  const present = `outcome <> 'look-alike'`;
  // By a filter each, never by grouping: where a dimension is the same column, servers before 18 mix the groups up.
  const silent = SILENCES.map(
    (silence) => `'${silence}', ${counted} FILTER (WHERE ${present} AND silence = '${silence}')`,
  );
  return `
    SELECT ARRAY[${columns.map((column) => `to_json(${column})`).join(', ')}]::json[] AS key,
           ${by.length === 0 ? 'true' : 'GROUPING(d0) = 1'} AS "isTotal",
           ${counted} FILTER (WHERE ${present}) AS present,
           ${counted} FILTER (WHERE ${present} AND exact_san) AS "exactSan",
           ${counted} FILTER (WHERE ${present} AND answering) AS answering,
           json_build_object(${silent.join(', ')}) AS silent,
           ${counted} FILTER (WHERE NOT (${present})) AS "lookAlikes"
    FROM (
      SELECT member.address, evidence.outcome, verdict.silence, verdict.exact_san, verdict.answering
             ${by.map((dimension, at) => `, ${DIMENSIONS[dimension]} AS d${at}`).join('')}
      FROM (${members}) AS member
      JOIN evidence USING (evidence_id)
      LEFT JOIN fingerprints AS verdict USING (evidence_id)
      ${place}
    ) AS counted
    GROUP BY GROUPING SETS (${by.length === 0 ? '' : `(${columns.join(', ')}), `}())`;
}

function toCounts(groups: readonly GroupRow[], by: readonly Dimension[]): { rows: CountRow[]; totals: Counts } {
  const rows: CountRow[] = [];
  let totals: Counts = { present: 0, exactSan: 0, answering: 0, silent: {}, lookAlikes: 0 };
  for (const { key, isTotal, silent, ...numbers } of groups) {
    const counts = { ...numbers, silent: Object.fromEntries(Object.entries(silent).filter(([, count]) => count > 0)) };
    if (isTotal) totals = counts;
    else rows.push({ key: Object.fromEntries(by.map((dimension, at) => [dimension, key[at] ?? null])), ...counts });
  }
  return { rows: rows.sort(compareRows), totals };
}

function compareRows(a: CountRow, b: CountRow): number {
  return b.present - a.present || (JSON.stringify(a.key) < JSON.stringify(b.key) ? -1 : 1);
}
