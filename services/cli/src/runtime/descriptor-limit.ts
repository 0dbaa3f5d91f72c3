import { readFileSync } from 'node:fs';
import { KubecensusError, toError } from '@kubecensus/shared/errors';

/** Files that Node holds open at a time while it loads the modules of a command; up to 281 were measured. */
export const DESCRIPTORS_TO_LOAD = 290;
/** A prober holds up to a thousand targets at a time by default; the rest is for the queue, the store and Node. */
export const DESCRIPTORS_WANTED = 1_200;

/** The soft limit of files that this process may hold open; undefined where the system does not tell. */
export function readDescriptorLimit(): number | undefined {
  let limits: string;
  try {
    limits = readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return undefined; // no /proc, as on macOS
  }
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1];
  if (soft === undefined) return undefined;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

/** Where one file too many was opened. */
export function isOutOfDescriptors(failure: Error): boolean {
  return 'code' in failure && (failure.code === 'EMFILE' || failure.code === 'ENFILE');
}

/** @param limit as it was read before: at its end not even the file that tells it can be opened */
export function toDescriptorError(limit: number | undefined, cause: unknown): KubecensusError {
  const many = limit === undefined ? 'too few' : `no more than ${limit}`;
  return new KubecensusError(
    'SYSTEM_FILES_EXHAUSTED',
    `this process may hold ${many} files open at a time, and needs more (${toError(cause).message}); raise the limit with ulimit -n ${DESCRIPTORS_WANTED}`,
    { cause },
  );
}
