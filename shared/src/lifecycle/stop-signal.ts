import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

type StopName = (typeof SIGNALS)[number];

/** The part of `process` that is used; a test brings its own. */
export interface SignalSource {
  on(signal: StopName, listener: () => void): unknown;
  removeListener(signal: StopName, listener: () => void): unknown;
  exit(code: number): unknown;
}

export interface StopSignal {
  /** Aborted by the first SIGINT or SIGTERM: finish what is under way, begin nothing. */
  readonly signal: AbortSignal;
  /** Gives the signals back to Node, whose way is to end at once. Idempotent. */
  close(): void;
}

/**
 * The first SIGINT or SIGTERM asks to drain, the second ends the process at once with the code that a shell expects
 * (128 + number). Nothing listens before this is called or after its close.
 */
export function createStopSignal(
  options: { onDrain?: (signal: StopName) => void; source?: SignalSource } = {},
): StopSignal {
  const source = options.source ?? process;
  const controller = new AbortController();
  const listeners = SIGNALS.map((name) => {
    const listener = () => {
      if (controller.signal.aborted) {
        source.exit(128 + constants.signals[name]);
        return;
      }
      controller.abort();
      options.onDrain?.(name);
    };
    source.on(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    close() {
      for (const { name, listener } of listeners) source.removeListener(name, listener);
    },
  };
}
