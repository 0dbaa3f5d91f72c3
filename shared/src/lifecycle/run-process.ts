import { KubecensusError, toError } from '../errors/index.ts';
import { createReleasers, type Releasers } from './releasers.ts';
import { createStopSignal } from './stop-signal.ts';

export interface ProcessScope {
  /** Aborted by the first SIGINT or SIGTERM; the second ends the process at once. */
  readonly signal: AbortSignal;
  /** What to give back at the end, last in first out. */
  readonly releasers: Releasers;
}

/**
 * A service as a process of its own: runs until `run` ends, gives everything back, and ends with the code that `run`
 * comes to, 0 unless told. A failure is one line on stderr and its own exit code.
 */
export async function runProcess(
  name: string,
  run: (scope: ProcessScope) => Promise<number | undefined>,
): Promise<void> {
  const stop = createStopSignal();
  const releasers = createReleasers();
  const fail = (caught: unknown) => {
    const error = toError(caught);
    const code = error instanceof KubecensusError ? ` ${error.code}:` : '';
    process.stderr.write(`${name}:${code} ${error.message}\n`);
    process.exitCode = error instanceof KubecensusError ? error.exitCode : 1;
  };
  try {
    process.exitCode = (await run({ signal: stop.signal, releasers })) ?? 0;
  } catch (caught) {
    fail(caught);
  }
  try {
    await releasers.close();
  } catch (caught) {
    fail(caught);
  }
  stop.close();
}

/** Resolves when the signal is aborted, at once where it is already. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
