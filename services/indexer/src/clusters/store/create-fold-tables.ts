import type { Queryable } from '@kubecensus/shared/database';

/** The census that is folded. */
export interface FoldedCensus {
  seriesId: number;
  censusNumber: number;
}

/**
 * Empty tables of this transaction's own: what a fold touches, and what becomes of it.
 *
 *   touched    endpoints of which something is new in this census
 *   whole      prefixes that answer on every address and port
 *   marks      identities whose clusters are folded again, in whole
 *   folding    every endpoint that shows one of them, as of this census
 *   groups     what of it is one cluster, and the cluster's id
 *   claims     the clusters that the groups' marks stood for before this census
 *   standing   endpoints of it whose membership goes on as it is
 */
export async function createFoldTables(client: Queryable): Promise<void> {
  await client.query(`
    DROP TABLE IF EXISTS touched, whole, marks, folding, groups, claims, standing;
    CREATE TEMPORARY TABLE touched (endpoint_id bigint PRIMARY KEY) ON COMMIT DROP;
    CREATE TEMPORARY TABLE whole (prefix cidr PRIMARY KEY) ON COMMIT DROP;
    CREATE TEMPORARY TABLE marks (mark text PRIMARY KEY) ON COMMIT DROP;
    CREATE TEMPORARY TABLE folding (
      endpoint_id  bigint NOT NULL,
      address      inet NOT NULL,
      prefix       cidr NOT NULL,
      port         integer NOT NULL,
      is_api       boolean NOT NULL,
      is_absent    boolean NOT NULL,
      evidence_id  bigint NOT NULL,
      shown_hash   bytea,
      identity     text,
      flow_schema  text,
      possession   text,
      mirrored     boolean NOT NULL DEFAULT false,
      reason       text,
      group_key    text
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE groups (
      group_key    text PRIMARY KEY,
      is_shared    boolean NOT NULL,
      identity     text NOT NULL,
      flow_schema  text,
      cluster_id   text,
      because      text
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE claims (
      group_key     text NOT NULL,
      by_identity   boolean NOT NULL,
      cluster_id    text NOT NULL,
      first_census  integer NOT NULL,
      since         integer NOT NULL
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE standing (endpoint_id bigint NOT NULL) ON COMMIT DROP;`);
}

/** Temporary tables have no statistics of their own accord, and a plan without them takes hours. */
export async function analyzeTable(
  client: Queryable,
  table: 'touched' | 'marks' | 'folding' | 'groups' | 'claims' | 'standing',
): Promise<void> {
  await client.query(`ANALYZE ${table}`);
}

/**
 * Lets this transaction join whole tables alone, or row by row as well. Where statistics cannot know how many rows there
 * are (in a first census, or of what was just grouped), row by row takes minutes at 60,000 endpoints.
 */
export async function joinWholeTables(client: Queryable, always: boolean): Promise<void> {
  await client.query(`SELECT set_config('enable_nestloop', $1, true)`, [always ? 'off' : 'on']);
}
