import { toError } from '../errors/index.ts';

/** What was acquired, and is to be given back in the opposite order. */
export interface Releasers {
  /** Adds what gives one thing back. `name` stands in the error if it fails. */
  add(name: string, release: () => Promise<void> | void): void;
  /** Runs all of them, last in first out, even if some fail. Idempotent: every call waits for the same end. */
  close(): Promise<void>;
}

/** @throws {AggregateError} from close(), with every failure, each named */
export function createReleasers(): Releasers {
  const stack: { name: string; release: () => Promise<void> | void }[] = [];
  let closing: Promise<void> | undefined;
  return {
    add(name, release) {
      stack.push({ name, release });
    },
    close() {
      closing ??= releaseAll(stack);
      return closing;
    },
  };
}

async function releaseAll(stack: { name: string; release: () => Promise<void> | void }[]): Promise<void> {
  const failures: Error[] = [];
  // Popped one by one: what is added while closing is given back as well.
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    try {
      await entry.release();
    } catch (caught) {
      failures.push(new Error(`closing ${entry.name} failed: ${toError(caught).message}`, { cause: caught }));
    }
  }
  if (failures.length > 0) {
    throw new AggregateError(failures, failures.map((failure) => failure.message).join('; '));
  }
}
