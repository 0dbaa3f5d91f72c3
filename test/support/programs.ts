import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';

const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin`;

/** A server that nobody here wrote, started on loopback for one test file. */
export type Program = { readonly port: number; stop(): Promise<void> };

/** Starts `command` and waits until it accepts connections on the port, the last that it opens where it opens many. */
export async function startProgram(
  command: string,
  args: readonly string[],
  port: number,
  address = '127.0.0.1',
): Promise<Program> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
  }
  const exited = once(child, 'exit');
  while (!(await accepts(port, address))) {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode} before it listened: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20)); // bounded by the hook's time
  }
  return {
    port,
    async stop() {
      if (isRunning(child)) child.kill('SIGTERM');
      await exited;
    },
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function accepts(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => undefined);
    socket.once('close', (hadError) => resolve(!hadError));
  });
}

export async function takeFreePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export type KeyPair = { certificate: string; key: string };

/** A self-signed certificate with these names, made by the openssl of this machine. */
export function makeCertificate(
  directory: string,
  name: string,
  altNames: string,
  keyArgs: readonly string[],
): KeyPair {
  const pair = { certificate: path.join(directory, `${name}.pem`), key: path.join(directory, `${name}.key`) };
  const args = [
    'req',
    '-x509',
    '-nodes',
    '-days',
    '30',
    '-subj',
    `/CN=${name}`,
    '-addext',
    `subjectAltName=${altNames}`,
  ];
  execFileSync('openssl', [...args, ...keyArgs, '-keyout', pair.key, '-out', pair.certificate], { stdio: 'pipe' });
  return pair;
}
