import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../services/cli/bin/kubecensus.js', import.meta.url));

export type CommandEnd = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

export type RunningCommand = { readonly child: ChildProcess; readonly ended: Promise<CommandEnd>; stderr(): string };

type Options = {
  input?: string;
  /** The caller writes its standard input, and ends it. */
  keepsInputOpen?: boolean;
  env?: Record<string, string>;
  /** Files that it may hold open at a time; this process' own limit unless told. */
  openFiles?: number;
};

/** Starts the built `kubecensus` as a user does, with nothing of this process' own settings but PATH and TMPDIR. */
export function startCommand(
  args: readonly string[],
  { input, keepsInputOpen = false, env = {}, openFiles }: Options = {},
): RunningCommand {
  const { PATH = '', TMPDIR = '/tmp' } = process.env;
  const node = [process.execPath, BIN, ...args];
  const limited = ['sh', '-c', `ulimit -n ${openFiles} && exec "$0" "$@"`, ...node];
  const [program = '', ...words] = openFiles === undefined ? node : limited;
  const child = spawn(program, words, {
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
  if (!keepsInputOpen) child.stdin?.end(input ?? '');
  const ended = new Promise<CommandEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended, stderr: () => stderr };
}

export function runCommand(args: readonly string[], options?: Options): Promise<CommandEnd> {
  return startCommand(args, options).ended;
}
