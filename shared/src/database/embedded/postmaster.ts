import { type ChildProcess, spawn } from 'node:child_process';
import { open, readdir, readFile, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCodeOf, KubecensusError } from '../../errors/index.ts';
import { isRunning } from './process-identity.ts';
import { type ServerUser, toSpawnIdentity } from './server-user.ts';

/** A recovery after a crash replays at most max_wal_size of log; on a slow disk that takes minutes. */
const START_TIMEOUT_MS = 5 * 60_000;
/** A fast shutdown ends every connection and writes a checkpoint. */
const STOP_TIMEOUT_MS = 60_000;
const MEMORY_TIMEOUT_MS = 20_000;
const POLL_MS = 15;
const MAX_LOG_BYTES = 10 * 1024 * 1024;

export interface PostmasterOptions {
  readonly postgres: string;
  readonly dataDir: string;
  /** Holds the server's socket and nothing else. */
  readonly socketDir: string;
  readonly logFile: string;
  readonly user: ServerUser | undefined;
  /** Server settings as in postgresql.conf. */
  readonly settings: Readonly<Record<string, string | number>>;
}

export interface Postmaster {
  readonly pid: number;
  /** Fast shutdown, waited for. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts the server in a session of its own, so that Ctrl-C in a terminal does not reach it before its clients have
 * drained, and waits until it accepts connections.
 */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  await clearOrphan(options);
  await rotateLog(options.logFile);
  const deadline = Date.now() + MEMORY_TIMEOUT_MS;
  for (;;) {
    try {
      return await startOnce(options);
    } catch (caught) {
      // The connections of a server that was killed take a moment to notice, and hold its memory until then.
      const memoryInUse = caught instanceof KubecensusError && /pre-existing shared memory/.test(caught.message);
      if (!memoryInUse || Date.now() > deadline) throw caught;
      await delay(POLL_MS * 10);
    }
  }
}

async function startOnce(options: PostmasterOptions): Promise<Postmaster> {
  const settings = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(options.logFile, 'a', 0o600);
  const child = spawn(options.postgres, ['-D', options.dataDir, ...settings], {
    ...toSpawnIdentity(options.user),
    detached: true,
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    stdio: ['ignore', log.fd, log.fd],
  });
  // A failed spawn is an event; unheard, it would end the process.
  let spawnError: Error | undefined;
  child.once('error', (error) => {
    spawnError = error;
  });
  await log.close();
  await waitUntilReady(child, options, () => spawnError);
  const pid = child.pid ?? 0;
  const guard = guardAgainstOrphan(pid, options.user);
  child.once('exit', () => guard.kill('SIGKILL'));
  // From here on the server holds nobody's process alive; whoever started it stops it.
  child.unref();
  guard.unref();

  let stopping: Promise<void> | undefined;
  return {
    pid,
    stop() {
      child.ref();
      stopping ??= stopProcess(pid, options.dataDir, async () => hasEnded(child));
      return stopping;
    },
  };
}

/**
 * A shell that waits for the end of this process, whatever the end is, and then asks the server for a fast shutdown:
 * it holds the other end of a pipe that nobody writes to. A server whose owner was killed does not stay behind.
 */
function guardAgainstOrphan(pid: number, user: ServerUser | undefined): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', `read -r _; kill -INT ${pid}`], {
    ...toSpawnIdentity(user),
    detached: true,
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // No shell, no guard: the next start finds the orphan and stops it.
  guard.on('error', () => undefined);
  (guard.stdin as Socket | null)?.on('error', () => undefined).unref();
  return guard;
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function waitUntilReady(
  child: ChildProcess,
  options: PostmasterOptions,
  spawnError: () => Error | undefined,
): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (hasEnded(child)) {
      await delay(POLL_MS); // lets the error event of a failed spawn arrive
      const ended =
        spawnError()?.message ?? (child.signalCode === null ? `exit code ${child.exitCode}` : child.signalCode);
      throw new KubecensusError('DATABASE_START_FAILED', await describeExit(options, ended));
    }
    const file = await readPidFile(options.dataDir);
    if (file?.pid === child.pid && file?.status === 'ready') return;
    await delay(POLL_MS);
  }
  child.kill('SIGQUIT');
  throw new KubecensusError(
    'DATABASE_START_FAILED',
    `PostgreSQL in ${options.dataDir} did not accept connections within ${START_TIMEOUT_MS / 1000} s; its log is ${options.logFile}`,
  );
}

/** postmaster.pid: process number on line 1, `starting` / `ready` / `stopping` on line 8 (miscadmin.h). */
async function readPidFile(dataDir: string): Promise<{ pid: number; status: string } | undefined> {
  try {
    const lines = (await readFile(path.join(dataDir, 'postmaster.pid'), 'utf8')).split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 1 ? { pid, status: (lines[7] ?? '').trim() } : undefined;
  } catch (caught) {
    if (errorCodeOf(caught) === 'ENOENT') return undefined;
    throw caught;
  }
}

/**
 * Stops a server that outlived its owner, so that every connection of that owner's world ends with it, and clears away
 * what would make PostgreSQL take a dead server for a living one: a number that is a zombie's or another program's by now.
 */
async function clearOrphan(options: PostmasterOptions): Promise<void> {
  const file = await readPidFile(options.dataDir);
  if (file === undefined) return;
  if ((await isRunning(file.pid)) && (await isServerOf(file.pid, options.dataDir))) {
    await stopProcess(file.pid, options.dataDir, async () => !(await isRunning(file.pid)));
  } else {
    // With its parent's number PostgreSQL knows the file for a stale one, and still looks whether any process of that
    // server holds the shared memory that the file names (CreateLockFile in miscinit.c).
    const pidFile = path.join(options.dataDir, 'postmaster.pid');
    const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n');
    await writeFile(pidFile, [String(process.pid), ...rest].join('\n'));
  }
  for (const name of await readdir(options.socketDir)) await rm(path.join(options.socketDir, name), { force: true });
}

/** A server's working directory is its data directory. Without /proc the pid file is believed. */
async function isServerOf(pid: number, dataDir: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(dataDir));
  } catch {
    return false; // it ended meanwhile, or is a third user's: ours runs as this user, and root may look at all
  }
}

async function stopProcess(pid: number, dataDir: string, isGone: () => Promise<boolean>): Promise<void> {
  // pg_ctl's words: fast (end connections, checkpoint), then immediate (recover at the next start).
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    signalIfThere(pid, signal);
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while (Date.now() < deadline) {
      if (await isGone()) return;
      await delay(POLL_MS);
    }
  }
  throw new KubecensusError(
    'DATABASE_STOP_FAILED',
    `PostgreSQL (process ${pid}) in ${dataDir} did not stop; look at its log beside that directory, then kill ${pid}`,
  );
}

/** One older log is kept. */
async function rotateLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0, // the first start
  );
  if (size > MAX_LOG_BYTES) await rename(file, `${file}.old`);
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (caught) {
    if (errorCodeOf(caught) !== 'ESRCH') throw caught;
  }
}

async function describeExit(options: PostmasterOptions, ended: string): Promise<string> {
  const lines = (await readFile(options.logFile, 'utf8')).split('\n');
  const reason =
    lines.findLast((line) => /\b(FATAL|PANIC|ERROR|error while loading)\b/.test(line)) ??
    lines.at(-2) ??
    'it said nothing';
  return `PostgreSQL in ${options.dataDir} ended at its start (${ended}): ${reason.trim()}; its log is ${options.logFile}`;
}
