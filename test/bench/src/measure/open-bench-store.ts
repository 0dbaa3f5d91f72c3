import { chmodSync } from 'node:fs';
import path from 'node:path';
import { type Database, openDatabase } from '@kubecensus/shared/database';

/** A PostgreSQL of the benchmark's own, migrated and empty, with its files in the benchmark's directory. */
export async function openBenchStore(directory: string): Promise<Database> {
  // PostgreSQL refuses to run as root: the user that it then runs as must be able to enter.
  chmodSync(directory, 0o711);
  return await openDatabase({ dataDir: path.join(directory, 'store') });
}
