import type { Queryable } from '@kubecensus/shared/database';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

/** What of a scan's method the prober goes by; the rest of it is for people. */
const methodSchema = Type.Object({
  version: Type.String({ pattern: '^[0-9A-Za-z.+-]{1,64}$' }),
  thorough: Type.Boolean(),
  connectTimeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 60_000 })),
  firstFlightTimeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 60_000 })),
  answerTimeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 60_000 })),
  targetTimeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 180_000 })),
});

export interface ScanRead {
  readonly scope: Buffer;
  readonly scopeHash: Buffer;
  readonly permutationKey: Buffer;
  readonly operatorUrl: string | undefined;
  readonly method: Static<typeof methodSchema>;
}

interface ScanRow {
  body: Buffer;
  scope_hash: Buffer;
  permutation_key: Buffer;
  operator_url: string | null;
  method: unknown;
}

/** What a scan was frozen with. @throws TypeError where there is none, or its method is none of ours */
export async function readScan(client: Queryable, scanId: string): Promise<ScanRead> {
  const { rows } = await client.query<ScanRow>(
    `SELECT body, scope_hash, permutation_key, operator_url, method FROM scans JOIN scan_scopes USING (scope_hash) WHERE scan_id = $1`,
    [scanId],
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError(`scan ${scanId} is not in the record`);
  if (!Value.Check(methodSchema, row.method)) {
    throw new TypeError(
      `the method of scan ${scanId} cannot be followed by this prober: ${JSON.stringify(row.method)}`,
    );
  }
  return {
    scope: row.body,
    scopeHash: row.scope_hash,
    permutationKey: row.permutation_key,
    operatorUrl: row.operator_url ?? undefined,
    method: row.method,
  };
}
