import pg from 'pg';
import { KubecensusError } from '../errors/index.ts';
import { toUnreachableError } from './connect-error.ts';
import { createDatabase, type Database } from './database.ts';
import { startEmbeddedServer } from './embedded/embedded-server.ts';
import { assertMigrated, migrate } from './migrate.ts';
import { createPool, type PoolOptions, toClientConfig } from './pool.ts';
import { type DatabaseRole, type ServiceRole, toRoleName } from './roles.ts';
import { readUsableRoles } from './service-roles.ts';

/** The oldest PostgreSQL that is tested and still maintained. */
const MIN_SERVER_MAJOR = 15;
const CONNECT_TIMEOUT_MS = 5_000;

export interface OpenDatabaseOptions extends PoolOptions {
  /** `apply` (the default) brings the database up to this code; `check` refuses one that is not. */
  migrations?: 'apply' | 'check';
  /** Hears in one line what works less well than it could, such as roles that cannot be made. */
  onWarning?: (message: string) => void;
}

/**
 * Opens the database: the server at `url`, or the embedded one on `dataDir`, which then belongs to this process alone.
 *
 * @throws {KubecensusError} of area DATABASE, one line each; nothing stays open or started
 */
export async function openDatabase(
  where: { url: string } | { dataDir: string },
  options: OpenDatabaseOptions = {},
): Promise<Database> {
  return 'url' in where ? await openRemote(where.url, options) : await openEmbedded(where.dataDir, options);
}

async function openEmbedded(dataDir: string, options: OpenDatabaseOptions): Promise<Database> {
  const server = await startEmbeddedServer({ dataDir });
  const database = createDatabase(
    (role) => server.url(role),
    options,
    () => server.stop(),
  );
  try {
    await prepareSchema(server.url('owner'), options);
    return database;
  } catch (caught) {
    await database.close();
    throw caught;
  }
}

async function openRemote(url: string, options: OpenDatabaseOptions): Promise<Database> {
  assertPostgresUrl(url);
  await withProbeClient(url, assertServerVersion);
  await prepareSchema(url, options);
  const usable = await withProbeClient(url, readUsableRoles);
  return createDatabase(
    (role) => withRole(url, role, usable),
    options,
    async () => undefined,
  );
}

async function prepareSchema(url: string, options: OpenDatabaseOptions): Promise<void> {
  const pool = createPool(url, { max: 1 });
  try {
    if (options.migrations === 'check') return await assertMigrated(pool);
    const { rolesCreated } = await migrate(pool);
    if (rolesCreated) return;
    options.onWarning?.(
      `the user of DATABASE_URL may not create roles, so every service works with all of its powers; ` +
        `to part them let an administrator create kubecensus_writer, kubecensus_reader and kubecensus_prober, grant them to that user, and start with an empty database`,
    );
  } finally {
    await pool.end();
  }
}

/** The powers of the role are in force from the first statement on, whoever uses the address. */
function withRole(url: string, role: DatabaseRole, usable: ReadonlySet<ServiceRole>): string {
  if (role === 'owner' || !usable.has(role)) return url;
  const address = new URL(url);
  const present = address.searchParams.get('options');
  address.searchParams.set('options', [present, `-c role=${toRoleName(role)}`].filter(Boolean).join(' '));
  return address.href;
}

function assertPostgresUrl(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined;
  if (protocol === 'postgres:' || protocol === 'postgresql:') return;
  throw new KubecensusError(
    'DATABASE_URL_INVALID',
    `DATABASE_URL is no PostgreSQL address${protocol === undefined ? '' : ` (it begins with ${protocol})`}; write postgres://USER:PASSWORD@HOST:5432/DATABASE`,
  );
}

async function withProbeClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...toClientConfig(url), connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined); // the statement under way fails with it
  try {
    await client.connect();
  } catch (caught) {
    throw toUnreachableError(url, caught);
  }
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function assertServerVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
  const version = rows[0]?.version ?? '0';
  if (Number.parseInt(version, 10) >= MIN_SERVER_MAJOR) return;
  throw new KubecensusError(
    'DATABASE_SERVER_TOO_OLD',
    `the server of DATABASE_URL is PostgreSQL ${version}; use ${MIN_SERVER_MAJOR} or later`,
  );
}
