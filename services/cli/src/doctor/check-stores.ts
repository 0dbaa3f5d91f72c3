import { access, constants, readdir, stat } from 'node:fs/promises';
import type { SharedConfig } from '@kubecensus/shared/config';
import { type Database, openDatabase } from '@kubecensus/shared/database';
import { KubecensusError, toError } from '@kubecensus/shared/errors';
import { readExclusions } from '@kubecensus/shared/exclusions';
import { QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import { createQueues } from '@kubecensus/shared/queue';
import { joinStore } from '../runtime/open-store.ts';
import { findExisting } from './check-machine.ts';
import { bad, type Finding, ok, warn } from './finding.ts';
import { readServerClock } from './store/read-server-clock.ts';

/** Clocks that are further apart make leases and exclusions begin and end at the wrong moment. */
const CLOCKS_APART_WARN_MS = 1_000;
const CLOCKS_APART_BAD_MS = 5_000;

type Stores = Pick<SharedConfig, 'databaseUrl' | 'redisUrl' | 'dataDir'>;

/** Whether the embedded store can be in the data directory; with DATABASE_URL it holds keys alone. */
export async function checkDataDir(dataDir: string): Promise<Finding> {
  const there = await findExisting(dataDir);
  const step = 'name another one with --data-dir, or give this user the right to write there';
  try {
    if (!(await stat(there)).isDirectory()) return bad('data', `${there} is no directory`, step);
    await access(there, constants.W_OK | constants.X_OK);
  } catch (caught) {
    return bad('data', `${there}: ${toError(caught).message}`, step);
  }
  return ok('data', there === dataDir ? dataDir : `${dataDir}, made at first use`);
}

/** Reachable, of this version, and with exclusions that can be read. Nothing is migrated. */
export async function checkDatabase({ databaseUrl, dataDir }: Stores): Promise<Finding[]> {
  if (databaseUrl === undefined && !(await holdsStore(dataDir))) {
    return [ok('database', 'embedded, laid out at first use'), ok('exclusions', 'none yet')];
  }
  let database: Database;
  try {
    database = await openUnchanged({ databaseUrl, dataDir });
  } catch (caught) {
    return [fromError('database', caught)];
  }
  try {
    const reader = database.pool('reader');
    const { now, version } = await readServerClock(reader);
    const where = databaseUrl === undefined ? `embedded in ${dataDir}` : 'of DATABASE_URL';
    const findings = [ok('database', `PostgreSQL ${version}, ${where}, migrated`), compareClocks(now, new Date())];
    const { exclusions } = await readExclusions(reader);
    return [...findings, ok('exclusions', `${exclusions.length} in force now or later`)];
  } catch (caught) {
    return [
      bad('exclusions', toError(caught).message, 'nothing is probed while they cannot be read: see the database'),
    ];
  } finally {
    await database.close();
  }
}

export function compareClocks(server: Date, here: Date): Finding {
  const apartMs = Math.abs(server.getTime() - here.getTime());
  const says = `${(apartMs / 1000).toFixed(1)} s apart from the database's`;
  const step = 'let both follow NTP';
  if (apartMs > CLOCKS_APART_BAD_MS) return bad('clocks', says, step);
  return apartMs > CLOCKS_APART_WARN_MS ? warn('clocks', says, step) : ok('clocks', says);
}

export async function checkQueue({ redisUrl }: Stores): Promise<Finding> {
  if (redisUrl === undefined) return ok('queue', 'inside PostgreSQL');
  const warnings: string[] = [];
  const keep = (_fields: object, line: string) => void warnings.push(line);
  try {
    const queues = await createQueues({
      url: redisUrl,
      messages: QUEUE_MESSAGES,
      log: { info: () => undefined, warn: keep, error: keep },
    });
    await queues.close();
  } catch (caught) {
    return fromError('queue', caught);
  }
  const [first] = warnings;
  if (first === undefined) return ok('queue', 'Redis, fit');
  const [says = first, step = 'see docs/operations.md'] = first.split('; ');
  return warn('queue', says, step);
}

async function openUnchanged({ databaseUrl, dataDir }: Pick<Stores, 'databaseUrl' | 'dataDir'>): Promise<Database> {
  try {
    return await openDatabase(databaseUrl === undefined ? { dataDir } : { url: databaseUrl }, { migrations: 'check' });
  } catch (caught) {
    return await joinStore({ databaseUrl, dataDir }, caught);
  }
}

async function holdsStore(dataDir: string): Promise<boolean> {
  const names = await readdir(dataDir).catch((): string[] => []); // told by checkDataDir
  return names.some((name) => name === 'postgresql' || name === 'database.location');
}

/** Our own errors name the next step after a semicolon. */
function fromError(check: string, caught: unknown): Finding {
  const { message } = toError(caught);
  const at = caught instanceof KubecensusError ? message.lastIndexOf('; ') : -1;
  if (at < 0) return bad(check, message, 'see docs/errors.md');
  return bad(check, message.slice(0, at), message.slice(at + 2));
}
