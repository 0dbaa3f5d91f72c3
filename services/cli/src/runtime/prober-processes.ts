import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { KubecensusError } from '@kubecensus/shared/errors';
import type { Logger } from '@kubecensus/shared/log';
import { childEnvironment } from '../config.ts';

/** Deaths of prober processes in one run before we believe that they cannot live here. */
const MAX_DEATHS = 20;

export type ProberProcesses = {
  /** Rejects when the probers keep dying; otherwise it is pending. */
  readonly failed: Promise<never>;
  /** Drains: no new shard is taken, those under way are finished or handed back. Idempotent. */
  close(): Promise<void>;
  /** Ends them at once; their shards are given out again when their leases run out. */
  kill(): void;
};

type Options = {
  count: number;
  databaseUrl: string;
  redisUrl: string | undefined;
  /** Set for every child beside the database and the queue. */
  environment: Readonly<Record<string, string | undefined>>;
  log: Pick<Logger, 'warn'>;
};

/** One prober process per core: they meet strangers, so none of them shares a process with the record's writers. */
export function startProberProcesses({ count, databaseUrl, redisUrl, environment, log }: Options): ProberProcesses {
  const main = fileURLToPath(new URL('./main.js', import.meta.resolve('@kubecensus/prober')));
  const env = childEnvironment({ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, ...environment });
  const running = new Set<ChildProcess>();
  let isClosing = false;
  let deaths = 0;
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined); // it is awaited only while a scan runs

  const start = () => {
    // A process group of its own: Ctrl-C reaches this command alone, which then drains the probers.
    const child = fork(main, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true });
    running.add(child);
    child.once('exit', (code, signal) => {
      running.delete(child);
      if (isClosing) return;
      deaths += 1;
      const how = signal ?? `exit code ${code}`;
      if (deaths >= MAX_DEATHS) {
        fail(
          new KubecensusError(
            'PROBER_KEEPS_DYING',
            `${deaths} prober processes died in this run, the last one by ${how}; their last words are above, and what was found is in the record: start the same command again to go on`,
          ),
        );
        return;
      }
      log.warn(
        { pid: child.pid, how },
        'a prober process died; another one takes its place and looks at its shards again',
      );
      start();
    });
  };
  for (let n = 0; n < count; n += 1) start();

  return {
    failed,
    async close() {
      isClosing = true;
      const ended = [...running].map(async (child) => {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      });
      await Promise.all(ended);
    },
    kill() {
      isClosing = true;
      for (const child of running) child.kill('SIGKILL');
    },
  };
}
