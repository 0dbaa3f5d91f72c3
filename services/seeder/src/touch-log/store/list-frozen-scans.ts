import type { Queryable } from '@kubecensus/shared/database';

export interface FrozenScan {
  scanId: string;
  kind: 'census' | 'ad-hoc' | 'check' | 'import';
  scopeHash: string;
  permutationKey: Buffer;
  shardCount: number;
  startedAt: Date;
  purpose: string;
  operatorUrl: string | undefined;
  operatorMail: string | undefined;
  vantage: string[];
  method: unknown;
}

interface FrozenRow {
  scan_id: string;
  kind: FrozenScan['kind'];
  scope_hash: string;
  permutation_key: Buffer;
  shard_count: number;
  started_at: Date;
  purpose: string;
  operator_url: string | null;
  operator_mail: string | null;
  vantage: string[];
  method: unknown;
}

/** Every scan that there is, without its scope, oldest first. */
export async function listFrozenScans(client: Queryable): Promise<FrozenScan[]> {
  const { rows } = await client.query<FrozenRow>(
    `SELECT scan_id::text, kind, encode(scope_hash, 'hex') AS scope_hash, permutation_key, shard_count, started_at,
            purpose, operator_url, operator_mail, vantage, method
     FROM scans ORDER BY scan_id`,
  );
  return rows.map((row) => ({
    scanId: row.scan_id,
    kind: row.kind,
    scopeHash: row.scope_hash,
    permutationKey: row.permutation_key,
    shardCount: row.shard_count,
    startedAt: row.started_at,
    purpose: row.purpose,
    operatorUrl: row.operator_url ?? undefined,
    operatorMail: row.operator_mail ?? undefined,
    vantage: row.vantage,
    method: row.method,
  }));
}

/** The canonical bytes of a scope. */
export async function readScopeBody(client: Queryable, scopeHash: string): Promise<Buffer> {
  const { rows } = await client.query<{ body: Buffer }>(
    `SELECT body FROM scan_scopes WHERE scope_hash = decode($1, 'hex')`,
    [scopeHash],
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError(`the scope ${scopeHash} is not in the record`);
  return row.body;
}
