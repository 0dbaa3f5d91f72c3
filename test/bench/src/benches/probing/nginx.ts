import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';

const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin`;
/** Loopback blocks tried in turn; the lab takes its own from lower ones. */
const FIRST_BLOCK = 241;
const BLOCKS = 8;
const PORT = 8443;
const START_TRIES = 500;
const TRY_AGAIN_MS = 20;

export interface Nginx {
  /** `address:port`, as many as were asked for. */
  readonly targets: readonly string[];
  close(): Promise<void>;
}

export interface NginxOptions {
  /** Loopback addresses at which it listens. */
  readonly addresses: number;
  /** Words for `openssl req` that say which key. */
  readonly key: readonly string[];
  /** Value of subjectAltName. */
  readonly names: string;
  /** Further lines of its `server`. */
  readonly server: string;
}

/** nginx on many loopback addresses, one worker per core. @throws Error where it or openssl is not installed */
export async function startNginx(directory: string, options: NginxOptions): Promise<Nginx> {
  const root = path.join(directory, 'nginx');
  mkdirSync(root, { recursive: true });
  for (const each of [directory, root]) chmodSync(each, 0o755); // its workers are another user
  const certificate = path.join(root, 'certificate.pem');
  const key = path.join(root, 'key.pem');
  const request = ['req', '-x509', '-nodes', '-days', '30', '-subj', '/CN=bench', ...options.key];
  execFileSync(
    'openssl',
    [...request, '-addext', `subjectAltName=${options.names}`, '-keyout', key, '-out', certificate],
    {
      stdio: 'pipe',
    },
  );
  const files = `ssl_certificate ${certificate}; ssl_certificate_key ${key};`;
  for (let block = FIRST_BLOCK; block < FIRST_BLOCK + BLOCKS; block += 1) {
    const addresses = Array.from(
      { length: options.addresses },
      (_, index) => `127.${block}.${1 + (index >> 8)}.${index & 255}`,
    );
    writeFileSync(path.join(root, 'nginx.conf'), configuration(root, addresses, `${files} ${options.server}`));
    const started = await start(root, addresses.at(-1) ?? '');
    if (started === undefined) continue;
    return {
      targets: addresses.map((address) => `${address}:${PORT}`),
      async close() {
        if (started.exitCode !== null) return;
        started.kill('SIGTERM');
        await once(started, 'exit');
      },
    };
  }
  throw new Error(`nginx does not start, or port ${PORT} is taken in every block tried`);
}

function configuration(root: string, addresses: readonly string[], server: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((of) => `${of}_temp_path ${root}/${of};`);
  const listens = addresses.map((address) => `listen ${address}:${PORT} ssl backlog=4096;`);
  return `daemon off; pid ${root}/pid; error_log ${root}/error.log; worker_processes auto; worker_rlimit_nofile 16384;
    events { worker_connections 12000; }
    http { access_log off; ${temporary.join(' ')} server { ${listens.join('\n')} ${server} } }\n`;
}

/** Undefined where it ends before it listens, as it does where a port is taken. */
async function start(root: string, address: string): Promise<ChildProcess | undefined> {
  const child = spawn('nginx', ['-c', path.join(root, 'nginx.conf'), '-p', root], {
    stdio: 'ignore',
    env: { ...process.env, PATH },
  });
  await once(child, 'spawn');
  for (let attempt = 0; attempt < START_TRIES && child.exitCode === null; attempt += 1) {
    // It writes its process id once it holds every address: what accepted before that would be another's.
    if (existsSync(path.join(root, 'pid')) && (await accepts(address))) return child;
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
  }
  if (child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  return undefined;
}

function accepts(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: PORT });
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => undefined);
    socket.once('close', (hadError) => resolve(!hadError));
  });
}
