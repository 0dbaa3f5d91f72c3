import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.resolve('@kubecensus/api')));

export interface ApiProcess {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** The api as a process of its own, as an operator runs it; listening when this resolves. */
export async function startApi(databaseUrl: string, directory: string): Promise<ApiProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      KUBECENSUS_DATA_DIR: directory,
      API_PORT: '0',
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  for await (const line of createInterface({ input: child.stderr })) {
    const port = /"address":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(line)?.[1];
    if (port === undefined || child.pid === undefined) continue;
    child.stderr.resume();
    return { pid: child.pid, port: Number(port), stop };
  }
  await ended;
  throw new Error(`the api ended with ${child.exitCode} before it listened`);
}
