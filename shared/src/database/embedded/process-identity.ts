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
    startTicks: await readStartTicks(pid),
    bootId: (await readOptional('/proc/sys/kernel/random/boot_id'))?.trim() ?? null,
    pidNamespace: await readNamespace(),
    host: hostname(),
  };
}

export async function judgeProcess(identity: ProcessIdentity): Promise<ProcessState> {
  const here = await readProcessIdentity();
  if (identity.bootId !== here.bootId) return identity.host === here.host ? 'gone' : 'elsewhere';
  if (identity.pidNamespace !== here.pidNamespace) return 'elsewhere';
  if (!processExists(identity.pid)) return 'gone';
  return identity.startTicks === (await readStartTicks(identity.pid)) ? 'alive' : 'gone';
}

/** True also of a process of another user. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (caught) {
    return errorCodeOf(caught) === 'EPERM';
  }
}

async function readStartTicks(pid: number): Promise<string | null> {
  const text = await readOptional(`/proc/${pid}/stat`);
  // The second field is the name in brackets and may hold blanks and brackets: count from its end.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
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
