import { readdirSync, readFileSync } from 'node:fs';
import type { Database } from '@kubecensus/shared/database';
import { cpuOfProcess } from './run-counted.ts';

/** The PostgreSQL server behind a database on this machine: the process that its backends come from. */
export async function postmasterOf(database: Database): Promise<number> {
  const { rows } = await database.pool().query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return parentOf(rows[0]?.pid ?? Number.NaN) ?? Number.NaN;
}

/** CPU seconds of a process and of all that it started, ended ones included where it waited for them. */
export function cpuOfTree(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, each) => sum + orNothing(() => cpuOfProcess(each)), 0);
}

/** Bytes that a process and its children hold, memory that they share counted once (proc(5), smaps_rollup: Pss). */
export function memoryOfTree(pid: number): number {
  const pss = (each: number) =>
    Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'latin1'))?.[1] ?? 0) * 1024;
  return [pid, ...childrenOf(pid)].reduce((sum, each) => sum + orNothing(() => pss(each)), 0);
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => parentOf(each) === pid);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // After the program's name, which may hold blanks and parentheses: state, then the parent.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

/** A process that has ended meanwhile has nothing. */
function orNothing(read: () => number): number {
  try {
    return read();
  } catch {
    return 0;
  }
}
