import { prepared, type Queryable, toByteaArray } from '@kubecensus/shared/database';
import type { AddressedResponse } from '../evidence/addressed-evidence.ts';

export async function insertResponses(client: Queryable, responses: readonly AddressedResponse[]): Promise<void> {
  if (responses.length === 0) return;
  await client.query(
    prepared(
      `INSERT INTO responses (response_hash, status, headers, body)
     SELECT * FROM unnest($1::bytea[], $2::integer[], $3::jsonb[], $4::bytea[]) AS new (hash, status, headers, body)
     ORDER BY hash
     ON CONFLICT DO NOTHING`,
      [
        toByteaArray(responses.map(({ hash }) => hash)),
        responses.map(({ status }) => status),
        responses.map(({ headersJson }) => headersJson),
        toByteaArray(responses.map(({ body }) => body)),
      ],
    ),
  );
}
