import type { Queryable } from '@kubecensus/shared/database';
import type { KnownEndpoint } from '../sources/define-source.ts';

/** Whoever showed one of these when looked at last is no endpoint any more: the port is closed, or another's. */
const NO_ENDPOINT = ['connection-refused', 'not-component', 'not-tls', 'needs-name', 'look-alike'];
/** Endpoints held at once. */
const PAGE = 10_000;

/** Endpoints last looked at before an instant, by whatever scan; by address and port, each once, whatever its components. */
export async function* selectDueEndpoints(client: Queryable, before: Date): AsyncGenerator<readonly KnownEndpoint[]> {
  let last: KnownEndpoint | undefined;
  for (;;) {
    const { rows } = await client.query<KnownEndpoint>(
      `SELECT host(address) AS address, port FROM endpoints
       WHERE last_looked_at < $1 AND outcome <> ALL($2)
         AND ($3::inet IS NULL OR (address, port) > ($3, $4::integer))
       GROUP BY endpoints.address, port ORDER BY endpoints.address, port LIMIT $5`,
      [before, NO_ENDPOINT, last?.address ?? null, last?.port ?? null, PAGE],
    );
    if (rows.length > 0) yield rows;
    last = rows.at(-1);
    if (rows.length < PAGE) return;
  }
}
