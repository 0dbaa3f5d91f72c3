import { KubecensusError } from '../errors/index.ts';
import { createReleasers } from './releasers.ts';

/** Every service and every long-lived part has this shape. Making one does nothing yet. */
export interface Service {
  /** Once. If it fails, what it had acquired is given back before it rejects. */
  start(): Promise<void>;
  /** Drains and gives everything back. Idempotent, also before start and while it is under way. */
  close(): Promise<void>;
}

export interface ServiceScope {
  /** Aborted at the beginning of close: take on nothing new. */
  readonly signal: AbortSignal;
  /** What to give back at close, last in first out. */
  onClose(name: string, release: () => Promise<void> | void): void;
}

export function createService(name: string, begin: (scope: ServiceScope) => Promise<void>): Service {
  const releasers = createReleasers();
  const controller = new AbortController();
  let starting: Promise<void> | undefined;

  async function run(): Promise<void> {
    try {
      await begin({
        signal: controller.signal,
        onClose: (what, release) => releasers.add(`${name}'s ${what}`, release),
      });
    } catch (caught) {
      controller.abort();
      try {
        await releasers.close();
      } catch (closing) {
        throw new AggregateError([caught, closing], `${name} did not start, and did not close either`);
      }
      throw caught;
    }
  }

  return {
    start() {
      if (starting !== undefined || controller.signal.aborted) {
        const state = starting === undefined ? 'closed' : 'started';
        return Promise.reject(
          new KubecensusError('LIFECYCLE_STATE_WRONG', `${name} was ${state} before; make a new one`),
        );
      }
      starting = run();
      return starting;
    },
    async close() {
      controller.abort();
      // A start that fails tells its own caller, and has given everything back by then.
      if (
        starting !== undefined &&
        (await starting.then(
          () => 'started' as const,
          () => 'failed' as const,
        )) === 'failed'
      )
        return;
      await releasers.close();
    },
  };
}
