import pg from 'pg';
import { errorCodeOf } from '../errors/index.ts';
import { SERVICE_ROLES, type ServiceRole, toRoleName } from './roles.ts';
import type { Queryable } from './transaction.ts';

/**
 * Makes the roles that are missing, and this user a member of each, so that it can act as them.
 * Roles are common to the whole server: another kubecensus may have made them, at this very moment too.
 *
 * @returns false where this user may not make roles and some are missing
 */
export async function createServiceRoles(client: Queryable): Promise<boolean> {
  for (const role of SERVICE_ROLES) {
    const name = pg.escapeIdentifier(toRoleName(role));
    try {
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [toRoleName(role)]);
      if (rowCount === 0) await client.query(`CREATE ROLE ${name}`);
      if (!(await canAct(client, role))) await client.query(`GRANT ${name} TO CURRENT_USER`);
    } catch (caught) {
      const code = errorCodeOf(caught);
      // 42710 duplicate_object, 23505 unique_violation: made by another between the look and the making.
      if (code === '42710' || code === '23505') continue;
      if (code === '42501') return false; // insufficient_privilege
      throw caught;
    }
  }
  return true;
}

/** The roles that this connection's user can act as. */
export async function readUsableRoles(client: Queryable): Promise<ReadonlySet<ServiceRole>> {
  const usable = new Set<ServiceRole>();
  for (const role of SERVICE_ROLES) if (await canAct(client, role)) usable.add(role);
  return usable;
}

async function canAct(client: Queryable, role: ServiceRole): Promise<boolean> {
  // PostgreSQL 16 tells "may SET ROLE" from "is a member"; before it the two are one.
  const { rows } = await client.query<{ usable: boolean }>(
    `SELECT pg_has_role(session_user, oid,
              CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) AS usable
     FROM pg_roles WHERE rolname = $1`,
    [toRoleName(role)],
  );
  return rows[0]?.usable === true;
}
