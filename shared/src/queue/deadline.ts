import { setTimeout as wait } from 'node:timers/promises';

/** What `promise` comes to, or the error made by `late` if that takes longer than `ms`. Its own later failure is heard. */
export async function withDeadline<T>(promise: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether `promise` settled, either way, within `ms`. */
export async function hasSettled(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const late = new Error('late');
  try {
    await withDeadline(promise, ms, () => late);
    return true;
  } catch (caught) {
    return caught !== late;
  }
}

/** A pause that an abort cuts short. */
export async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await hasSettled(wait(ms, undefined, { signal }), ms + 1000);
}
