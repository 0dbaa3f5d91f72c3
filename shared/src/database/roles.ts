/**
 * Whose powers a connection has. `owner` migrates and is the user of DATABASE_URL; `writer` is the seeder's and the
 * indexer's, `reader` the api's and the reporter's, `prober` may lease shards and use the queue, and nothing else.
 */
export const DATABASE_ROLES = ['owner', 'writer', 'reader', 'prober'] as const;

export type DatabaseRole = (typeof DATABASE_ROLES)[number];
/** The roles that exist as such in PostgreSQL, where they are common to all databases of one server. */
export type ServiceRole = Exclude<DatabaseRole, 'owner'>;

export const SERVICE_ROLES: readonly ServiceRole[] = ['writer', 'reader', 'prober'];

/** The role's name in PostgreSQL, as migrations grant to it. */
export function toRoleName(role: ServiceRole): string {
  return `kubecensus_${role}`;
}
