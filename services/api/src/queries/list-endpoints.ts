import { withTransaction } from '@kubecensus/shared/database';
import type pg from 'pg';
import { toClusterJoin, toMembers } from './members.ts';
import { type Population, resolveSubject, type Subject } from './resolve-subject.ts';

export interface ListOptions extends Subject {
  /** Rows of one page; 1,000 unless told. */
  limit?: number;
  /** The last row of the page before. */
  after?: { address: string; port: number; component: string };
}

export interface EndpointRow {
  address: string;
  port: number;
  component: string;
  outcome: string;
  distribution: string | null;
  confidence: string | null;
  version: string | null;
  minor: string | null;
  minorLow: string | null;
  minorHigh: string | null;
  exposure: string | null;
  silence: string | null;
  exactSan: boolean | null;
  answering: boolean | null;
  reason: string | null;
  rules: string[] | null;
  /** Null where no cluster is told. */
  cluster: string | null;
  /** One server that shows itself on many addresses or ports. */
  mirrored: boolean;
}

export interface EndpointPage {
  of: Population;
  /** By address (IPv4 first), port, component. */
  rows: EndpointRow[];
  /** For `after`; absent on the last page. */
  next?: { address: string; port: number; component: string };
}

/** One row for each endpoint of the population, look-alikes included: their `outcome` says so. */
export async function listEndpoints(pool: pg.Pool, options: ListOptions = {}): Promise<EndpointPage> {
  const limit = options.limit ?? 1000;
  return withTransaction(
    pool,
    async (client) => {
      const of = await resolveSubject(client, options);
      const members = toMembers(of);
      const { after } = options;
      const values = [...members.values, after?.address ?? null, after?.port ?? 0, after?.component ?? '', limit + 1];
      const at = (offset: number) => `$${members.values.length + offset}`;
      const { rows } = await client.query<EndpointRow>(
        `SELECT host(member.address) AS address, member.port, member.component, evidence.outcome,
                distribution, confidence, version, minor, minor_low AS "minorLow", minor_high AS "minorHigh",
                exposure, silence, exact_san AS "exactSan", answering, verdict.reason, rules,
                folded.cluster_id AS cluster, COALESCE(folded.mirrored, false) AS mirrored
         FROM (${members.sql}) AS member
         JOIN evidence USING (evidence_id)
         LEFT JOIN fingerprints AS verdict USING (evidence_id)
         ${toClusterJoin(of)}
         WHERE ${at(1)}::inet IS NULL OR (member.address, member.port, member.component) > (${at(1)}, ${at(2)}::integer, ${at(3)})
         ORDER BY member.address, member.port, member.component
         LIMIT ${at(4)}`,
        values,
      );
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      if (rows.length <= limit || last === undefined) return { of, rows: page };
      return { of, rows: page, next: { address: last.address, port: last.port, component: last.component } };
    },
    { isolation: 'repeatable read' },
  );
}
