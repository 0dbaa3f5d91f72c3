import {
  assertSchemaCompatibility,
  createPostgresBackend,
  DEFAULT_SCHEMA,
  LATEST_SCHEMA_VERSION,
  type PostgresConnectionOptions,
  SchemaMigrationRequiredError,
} from 'bullmq';
import pg from 'pg';
import { toClientConfig } from '../database/pool.ts';
import { toError } from '../errors/index.ts';
import { QueueError } from './queue-error.ts';
import { type QueueStore, type StoreOptions, toShownServer } from './queue-store.ts';
import { NEXT_STEP, readStoreTrouble } from './store-trouble.ts';

/** Connections of one process that add; an add holds one for about a millisecond. */
const ADDING_CONNECTIONS = 3;
/** Connections of one worker beside the one that listens: a taken message needs none while it is worked on. */
const WORKING_CONNECTIONS = 2;

export function createPostgresStore({ url, limits, health }: StoreOptions): QueueStore {
  const server = toShownServer(url);
  const bounds = { connectionTimeoutMillis: limits.answerMs, query_timeout: limits.answerMs };
  const adding = new pg.Pool({
    ...toClientConfig(url, { applicationName: 'kubecensus queue', searchPath: DEFAULT_SCHEMA }),
    ...bounds,
    max: ADDING_CONNECTIONS,
    idleTimeoutMillis: 30_000,
  });
  adding.on('error', (error) => health.failed(error));

  return {
    kind: 'postgresql',
    server,
    createBackend: (name, opts, use) => {
      // BullMQ describes pg's pool and its options in its own words, which are not quite pg's.
      const connection =
        opts.connection === 'add'
          ? adding
          : { ...toClientConfig(url), ...bounds, schema: DEFAULT_SCHEMA, max: WORKING_CONNECTIONS };
      const backend = createPostgresBackend(
        name,
        { ...opts, connection: connection as PostgresConnectionOptions },
        use,
      );
      // open() has asked for the schema. BullMQ asks on every connection, and remembers a failed answer for ever: a
      // worker started while the server restarts would never work.
      backend.connection.waitUntilReady = () => Promise.resolve();
      return backend;
    },
    async open() {
      try {
        const client = await adding.connect();
        try {
          assertComplete(server, await assertSchemaCompatibility(client, DEFAULT_SCHEMA));
        } finally {
          client.release();
        }
      } catch (caught) {
        await adding.end();
        throw toOpenError(server, caught);
      }
    },
    // Its disk is not ours to watch, and taking a message off needs no more of it than adding one.
    assertRoom: () => Promise.resolve(),
    async close() {
      if (!adding.ending) await adding.end();
    },
  };
}

function assertComplete(server: string, version: number): void {
  if (version >= LATEST_SCHEMA_VERSION) return;
  throw new QueueError(
    'QUEUE_SCHEMA_MISSING',
    `${server} has version ${version} of the queue's tables, ${LATEST_SCHEMA_VERSION} is needed; run the migrations`,
  );
}

function toOpenError(server: string, caught: unknown): QueueError {
  if (caught instanceof QueueError) return caught;
  if (caught instanceof SchemaMigrationRequiredError) {
    return new QueueError('QUEUE_SCHEMA_MISSING', `${server} lacks the queue's tables; run the migrations`, {
      cause: caught,
    });
  }
  const code = readStoreTrouble(caught) ?? 'QUEUE_UNREACHABLE';
  return new QueueError(code, `no use of ${server}: ${toError(caught).message}; ${NEXT_STEP[code]}`, { cause: caught });
}
