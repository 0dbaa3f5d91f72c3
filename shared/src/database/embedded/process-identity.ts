import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { errorCodeOf } from '../../errors/index.ts';

/** Names one process for ever: process numbers are used again, and mean something else on another machine. */
export interface ProcessIdentity {
  pid: number;
  /** Ticks between boot and the process's start (/proc/PID/stat, field 22); null where there is no /proc. */
  startTicks: string | null;
  /** Changes with every boot of the machine; null where there is no /proc. */
  bootId: string | null;
  /** The pid namespace, which containers have of their own. */
  pidNamespace: string | null;
  host: string;
}

/** `elsewhere`: on another machine or in another container, where it cannot be seen from here. */
export type ProcessState = 'alive' | 'gone' | 'elsewhere';

export async function readProcessIdentity(pid: number = process.pid): Promise<ProcessIdentity> {
  return {
    pid,
    startTicks: (await readStatus(pid))?.startTicks ?? null,
    bootId: (await readOptional('/proc/sys/kernel/random/boot_id'))?.trim() ?? null,
    pidNamespace: await readNamespace(),
    host: hostname(),
  };
}

export async function judgeProcess(identity: ProcessIdentity): Promise<ProcessState> {
  const here = await readProcessIdentity();
  if (identity.bootId !== here.bootId) return identity.host === here.host ? 'gone' : 'elsewhere';
  if (identity.pidNamespace !== here.pidNamespace) return 'elsewhere';
  if (!(await isRunning(identity.pid))) return 'gone';
  return identity.startTicks === ((await readStatus(identity.pid))?.startTicks ?? null) ? 'alive' : 'gone';
}

/**
 * True also of another user's process, and false of a zombie: one that has ended and waits, in many containers for
 * ever, for a parent that asks how.
 */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (caught) {
    if (errorCodeOf(caught) !== 'EPERM') return false;
  }
  const state = (await readStatus(pid))?.state;
  return state !== 'Z' && state !== 'X';
}

/** Fields 3 and 22 of /proc/PID/stat (proc_pid_stat(5)). */
async function readStatus(pid: number): Promise<{ state: string; startTicks: string } | undefined> {
  const text = await readOptional(`/proc/${pid}/stat`);
  // The second field is the name in brackets and may hold blanks and brackets: count from its end.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields === undefined ? undefined : { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
}

async function readNamespace(): Promise<string | null> {
  try {
    return await readlink('/proc/self/ns/pid');
  } catch {
    return null; // no /proc, as on macOS
  }
}

async function readOptional(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null; // no /proc, or no such process
  }
}
