import { withTransaction } from '@kubecensus/shared/database';
import { KubecensusError } from '@kubecensus/shared/errors';
import type { Unit } from '@kubecensus/shared/history';
import { SILENCES } from '@kubecensus/shared/vocabulary';
import type pg from 'pg';
import { DIMENSIONS, type Dimension, isDimension, isOfPlace } from './dimensions.ts';
import { toClusterJoin, toMembers, toPlaceJoin } from './members.ts';
import { type Population, resolveSubject, type Subject } from './resolve-subject.ts';

export interface CountOptions extends Subject {
  /** Splits the counts; each combination that occurs is a row. */
  by?: readonly string[];
  /**
   * `host`: distinct addresses; `cluster`: distinct control planes. One with two endpoints in two rows counts in both,
   * and once in the totals.
   */
  unit?: Unit;
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
  /** Of those: no cluster is told, by why. As endpoints, also where clusters are counted. */
  noCluster: Record<string, number>;
  /** Beside those: one server on many addresses or ports; never part of `present`. */
  mirrored: number;
  /** Beside those: imitations, recognised as such; never part of `present`. */
  lookAlikes: number;
}

export interface CountRow extends Counts {
  key: Record<string, string | number | null>;
}

export interface EndpointCount {
  of: Population;
  unit: Unit;
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
      const joins = `${toClusterJoin(of)} ${by.some(isOfPlace) ? toPlaceJoin(of) : ''}`;
      const { rows } = await client.query<GroupRow>(toCountSql(members.sql, joins, by, unit), members.values);
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

const COUNTED: Readonly<Record<Unit, string>> = {
  endpoint: 'count(*)',
  host: 'count(DISTINCT address)',
  cluster: 'count(DISTINCT cluster_id)',
};

/** Why an endpoint has no cluster: `memberships.reason`, in the words of its migration. */
const NO_CLUSTER = ['template', 'not-proved', 'replayed', 'no-mark', 'no-api-server'];

function toCountSql(members: string, joins: string, by: readonly Dimension[], unit: Unit): string {
  const counted = COUNTED[unit];
  const columns = by.map((_, at) => `d${at}`);
  const present = `outcome <> 'look-alike' AND NOT mirrored`;
  // By a filter each, never by grouping: where a dimension is the same column, servers before 18 mix the groups up.
  const silent = SILENCES.map(
    (silence) => `'${silence}', ${counted} FILTER (WHERE ${present} AND silence = '${silence}')`,
  );
  const noCluster = NO_CLUSTER.map(
    (reason) => `'${reason}', count(*) FILTER (WHERE ${present} AND folded_reason = '${reason}')`,
  );
  return `
    SELECT ARRAY[${columns.map((column) => `to_json(${column})`).join(', ')}]::json[] AS key,
           ${by.length === 0 ? 'true' : 'GROUPING(d0) = 1'} AS "isTotal",
           ${counted} FILTER (WHERE ${present}) AS present,
           ${counted} FILTER (WHERE ${present} AND exact_san) AS "exactSan",
           ${counted} FILTER (WHERE ${present} AND answering) AS answering,
           json_build_object(${silent.join(', ')}) AS silent,
           json_build_object(${noCluster.join(', ')}) AS "noCluster",
           ${counted} FILTER (WHERE mirrored) AS mirrored,
           ${counted} FILTER (WHERE outcome = 'look-alike') AS "lookAlikes"
    FROM (
      SELECT member.address, evidence.outcome, verdict.silence, verdict.exact_san, verdict.answering,
             folded.cluster_id, folded.reason AS folded_reason, COALESCE(folded.mirrored, false) AS mirrored
             ${by.map((dimension, at) => `, ${DIMENSIONS[dimension]} AS d${at}`).join('')}
      FROM (${members}) AS member
      JOIN evidence USING (evidence_id)
      LEFT JOIN fingerprints AS verdict USING (evidence_id)
      ${joins}
    ) AS counted
    GROUP BY GROUPING SETS (${by.length === 0 ? '' : `(${columns.join(', ')}), `}())`;
}

function toCounts(groups: readonly GroupRow[], by: readonly Dimension[]): { rows: CountRow[]; totals: Counts } {
  const rows: CountRow[] = [];
  let totals: Counts = { present: 0, exactSan: 0, answering: 0, silent: {}, noCluster: {}, mirrored: 0, lookAlikes: 0 };
  const some = (counts: Record<string, number>) =>
    Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  for (const { key, isTotal, silent, noCluster, ...numbers } of groups) {
    const counts = { ...numbers, silent: some(silent), noCluster: some(noCluster) };
    if (isTotal) totals = counts;
    else rows.push({ key: Object.fromEntries(by.map((dimension, at) => [dimension, key[at] ?? null])), ...counts });
  }
  return { rows: rows.sort(compareRows), totals };
}

function compareRows(a: CountRow, b: CountRow): number {
  return b.present - a.present || (JSON.stringify(a.key) < JSON.stringify(b.key) ? -1 : 1);
}
