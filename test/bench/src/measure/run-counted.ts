import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';

export interface CountedRun {
  /** User and system time of the process and of all its children that it waited for, in seconds; steps of 0.01. */
  readonly cpu: number;
  readonly wall: number;
  readonly exitCode: number | null;
}

export interface CountedOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** File that it reads; nothing where this is missing. */
  readonly stdin?: string;
  /**
   * Takes stdout, or names the file to write it to, so that no reader has the cores or the caches of what is measured;
   * thrown away where this is missing.
   */
  readonly stdout?: string | ((stdout: Readable) => void);
  readonly signal?: AbortSignal;
  /** Called with the process id when it runs. */
  readonly started?: (pid: number) => void;
}

/**
 * Runs a program to its end and counts its CPU time, children's included, by what the kernel adds to this process' own
 * account of children when it has waited for them (proc(5), stat, fields 16 and 17). One at a time: what else ends
 * meanwhile would be counted, too.
 * @throws Error when the program does not start
 */
export async function runCounted(
  program: string,
  words: readonly string[],
  { environment = {}, stdin, stdout, signal, started }: CountedOptions = {},
): Promise<CountedRun> {
  const input = stdin === undefined ? undefined : openSync(stdin, 'r');
  const output = typeof stdout === 'string' ? openSync(stdout, 'w') : undefined;
  const before = cpuOfChildren();
  const begin = performance.now();
  const child = spawn(program, words, {
    env: { ...process.env, ...environment },
    stdio: [input ?? 'ignore', output ?? (stdout ? 'pipe' : 'ignore'), 'inherit'],
    ...(signal ? { signal } : {}),
  });
  for (const descriptor of [input, output]) if (descriptor !== undefined) closeSync(descriptor);
  if (child.pid !== undefined) started?.(child.pid);
  if (child.stdout && typeof stdout === 'function') stdout(child.stdout);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { cpu: cpuOfChildren() - before, wall: (performance.now() - begin) / 1000, exitCode };
}

/** Clock ticks per second as Linux tells them to programs, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU seconds of all children that were waited for. @throws Error where there is no Linux /proc */
function cpuOfChildren(): number {
  const { user, system } = readTimes('self', 13);
  return (user + system) / TICKS_PER_SECOND;
}

/** CPU seconds that a running process has used by now, its ended children included. */
export function cpuOfProcess(pid: number): number {
  const own = readTimes(String(pid), 11);
  const children = readTimes(String(pid), 13);
  return (own.user + own.system + children.user + children.system) / TICKS_PER_SECOND;
}

/** CPU seconds of a process's first thread alone: of Node's, the one that runs its main program. */
export function cpuOfFirstThread(pid: number): number {
  const { user, system } = readTimes(`${pid}/task/${pid}`, 11);
  return (user + system) / TICKS_PER_SECOND;
}

function readTimes(pid: string, at: number): { user: number; system: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field, the program's name, may hold blanks and parentheses: fields are counted after its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { user: Number(fields[at]), system: Number(fields[at + 1]) };
}
