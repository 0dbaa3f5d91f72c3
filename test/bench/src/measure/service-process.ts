import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A service as operators run it, with these variables beside the benchmark's own; it says what goes wrong. */
export function startService(
  name: 'seeder' | 'prober' | 'indexer',
  variables: Readonly<Record<string, string>>,
): ChildProcess {
  const main = fileURLToPath(new URL('./main.js', import.meta.resolve(`@kubecensus/${name}`)));
  return fork(main, {
    env: { ...process.env, REDIS_URL: '', LOG_LEVEL: 'warn', ...variables },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}
