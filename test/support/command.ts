import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../services/cli/bin/kubecensus.js', import.meta.url));

export type CommandEnd = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

export type RunningCommand = { readonly child: ChildProcess; readonly ended: Promise<CommandEnd>; stderr(): string };

type Options = { input?: string; env?: Record<string, string> };

/** Starts the built `kubecensus` as a user does, with nothing of this process' own settings but PATH and TMPDIR. */
export function startCommand(args: readonly string[], { input, env = {} }: Options = {}): RunningCommand {
  const { PATH = '', TMPDIR = '/tmp' } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH, TMPDIR, HOME: TMPDIR, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin?.on('error', () => undefined); // a command that reads nothing closes its end
  child.stdin?.end(input ?? '');
  const ended = new Promise<CommandEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended, stderr: () => stderr };
}

export function runCommand(args: readonly string[], options?: Options): Promise<CommandEnd> {
  return startCommand(args, options).ended;
}
