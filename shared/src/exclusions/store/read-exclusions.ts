import { parseAddress } from '../../addresses/index.ts';
import { prepared, type Queryable } from '../../database/index.ts';
import type { Exclusion } from '../exclusion-set.ts';

/** Instants in milliseconds since the epoch. */
interface ExclusionRow {
  first_address: string;
  last_address: string;
  valid_from: number;
  valid_until: number | null;
}

/** Exclusions as they stood at one moment, with the number that changes whenever one of them does. */
export interface ExclusionsRead {
  version: number;
  /** The server's clock, by which the intervals are meant. */
  readAt: Date;
  /** In force now or later; those of the past are not read. */
  exclusions: Exclusion[];
}

/** One statement, one snapshot: the version is that of the rows. @throws what the database throws */
export async function readExclusions(client: Queryable): Promise<ExclusionsRead> {
  const { rows } = await client.query<{ version: number; read_at: Date; exclusions: ExclusionRow[] | null }>(
    `SELECT version, now() AS read_at,
            (SELECT jsonb_agg(jsonb_build_object(
                      'first_address', host(first_address), 'last_address', host(last_address),
                      'valid_from', extract(epoch FROM valid_from) * 1000,
                      'valid_until', extract(epoch FROM valid_until) * 1000))
               FROM exclusions WHERE valid_until IS NULL OR valid_until > now()) AS exclusions
       FROM exclusion_versions`,
  );
  const [row] = rows;
  if (row === undefined)
    throw new TypeError('the table exclusion_versions is empty; it has one row since its migration');
  return { version: row.version, readAt: row.read_at, exclusions: (row.exclusions ?? []).map(toExclusion) };
}

/** What changes with every change of the table, and the server's clock. */
export async function readExclusionsVersion(client: Queryable): Promise<{ version: number; readAt: Date }> {
  const { rows } = await client.query<{ version: number; read_at: Date }>(
    prepared('SELECT version, now() AS read_at FROM exclusion_versions', []),
  );
  const [row] = rows;
  if (row === undefined)
    throw new TypeError('the table exclusion_versions is empty; it has one row since its migration');
  return { version: row.version, readAt: row.read_at };
}

function toExclusion(row: ExclusionRow): Exclusion {
  const first = parseAddress(row.first_address);
  const last = parseAddress(row.last_address);
  const validFrom = new Date(row.valid_from);
  const validUntil = row.valid_until === null ? undefined : new Date(row.valid_until);
  if (first.family === 4 && last.family === 4)
    return { range: { family: 4, first: first.value, last: last.value }, validFrom, validUntil };
  if (first.family === 6 && last.family === 6)
    return { range: { family: 6, first: first.value, last: last.value }, validFrom, validUntil };
  throw new TypeError(
    `the exclusion ${row.first_address} - ${row.last_address} runs from one address family to the other`,
  );
}
