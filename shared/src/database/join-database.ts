import { setTimeout as delay } from 'node:timers/promises';
import { createDatabase, type Database } from './database.ts';
import { readEmbeddedUrls } from './embedded/embedded-server.ts';
import { assertMigrated } from './migrate.ts';
import { createPool, type PoolOptions } from './pool.ts';

/** An owner that starts just now lays out its directory and migrates first. */
const OWNER_STARTS_MS = 10_000;
const LOOK_EVERY_MS = 100;

/**
 * The embedded database of a data directory that another process of this user owns (`openDatabase` says DATABASE_BUSY).
 * It ends with its owner; closing it here ends this process' connections and nothing else.
 *
 * @throws what keeps the server from being reached, or from being of this version, after ten seconds of trying
 */
export async function joinDatabase(dataDir: string, options: PoolOptions = {}): Promise<Database> {
  const deadline = Date.now() + OWNER_STARTS_MS;
  for (;;) {
    try {
      const toUrl = await readEmbeddedUrls(dataDir);
      const pool = createPool(toUrl('owner'), { max: 1 });
      try {
        await assertMigrated(pool);
      } finally {
        await pool.end();
      }
      return createDatabase(toUrl, options, async () => undefined);
    } catch (caught) {
      if (Date.now() >= deadline) throw caught;
      await delay(LOOK_EVERY_MS);
    }
  }
}
