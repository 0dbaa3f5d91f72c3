import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type AddressSet, addressSetToBytes } from '@kubecensus/shared/addresses';
import { KubecensusError, toError } from '@kubecensus/shared/errors';
import type { ShardSummary } from '@kubecensus/shared/messages';
import type { FromThread, RateToKeep, RunOrder, ScanToProbe, ToThread } from './thread-messages.ts';

// The thread runs compiled, also where this file is run from its source.
const COMPILED_THREAD = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/probing-thread.js' : '../probing-thread.js', import.meta.url),
);

export interface RunListener {
  /** Stores a batch. A failure stops the run, and is what it rejects with. */
  storeBatch(batchNumber: number, observations: string): Promise<void>;
  progress(summary: ShardSummary): void;
  /** Every target was dialled; some answers are still waited for. May be called more than once. */
  fed(): void;
  readonly signal: AbortSignal;
}

export interface RunEnd {
  readonly batchCount: number;
  readonly summary: ShardSummary;
}

/** The probing thread, seen from the main one. */
export interface Probing {
  openScan(scan: ScanToProbe): void;
  closeScan(scanId: string): void;
  /** Holds from now on, until it runs out. */
  setRate(scanId: string, rate: RateToKeep): void;
  /** The exclusions were read just now; the set where it changed. */
  confirmGate(exclusions?: AddressSet): void;
  /**
   * Resolves when all targets were looked at and all batches stored; `undefined` where the signal aborted before.
   * @throws KubecensusError PROBER_THREAD_ENDED, PROBER_RUN_FAILED; what storeBatch throws
   */
  run(order: Omit<RunOrder, 'run'>, listener: RunListener): Promise<RunEnd | undefined>;
  /** Stops what runs and ends the thread. Idempotent. */
  close(): Promise<void>;
}

interface Run {
  readonly listener: RunListener;
  /** The batch stored last, and those before it: they are stored in order, one at a time. */
  storing: Promise<void>;
  resolve(end: RunEnd | undefined): void;
  reject(error: Error): void;
}

export interface ProbingOptions {
  readonly concurrency: number;
  onWarning(line: string): void;
  /** The thread ended by itself; every run of it was rejected. */
  onDeath(error: KubecensusError): void;
}

export function startProbing({ concurrency, onWarning, onDeath }: ProbingOptions): Probing {
  const worker = new Worker(COMPILED_THREAD, {
    workerData: { concurrency },
    // Loaders and conditions that this process was started with are not for compiled code.
    execArgv: [],
  });
  const runs = new Map<number, Run>();
  let lastRun = 0;
  let closing: Promise<void> | undefined;
  let death: KubecensusError | undefined;

  const post = (message: ToThread) => worker.postMessage(message);
  const settle = (number: number): Run | undefined => {
    const run = runs.get(number);
    runs.delete(number);
    return run;
  };
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  function die(why: string, cause?: unknown): void {
    if (closing !== undefined || death !== undefined) return;
    death = new KubecensusError('PROBER_THREAD_ENDED', `the probing thread ended: ${why}; its shards are handed back`, {
      cause,
    });
    for (const number of [...runs.keys()]) settle(number)?.reject(death);
    onDeath(death);
  }

  function store(number: number, batchNumber: number, observations: string): void {
    const run = runs.get(number);
    if (run === undefined) return;
    run.storing = run.storing.then(async () => {
      if (!runs.has(number)) return;
      try {
        await run.listener.storeBatch(batchNumber, observations);
        post({ kind: 'batch-stored', run: number });
      } catch (caught) {
        post({ kind: 'stop', run: number });
        settle(number)?.reject(toError(caught));
      }
    });
  }

  async function finish(number: number, end: RunEnd): Promise<void> {
    await runs.get(number)?.storing;
    settle(number)?.resolve(end);
  }

  worker.on('message', (message: FromThread) => {
    switch (message.kind) {
      case 'batch':
        return store(message.run, message.batchNumber, message.observations);
      case 'progress':
        return runs.get(message.run)?.listener.progress(message.summary);
      case 'fed':
        return runs.get(message.run)?.listener.fed();
      case 'finished':
        void finish(message.run, { batchCount: message.batchCount, summary: message.summary });
        return;
      case 'failed':
        return settle(message.run)?.reject(
          new KubecensusError(
            'PROBER_RUN_FAILED',
            `a shard could not be looked at: ${message.reason}; it is handed back`,
          ),
        );
      case 'warning':
        return onWarning(message.line);
      case 'closed':
        return;
    }
  });
  worker.once('error', (error) => die(error.message, error));
  worker.once('exit', (code) => die(`exit code ${code}`));

  return {
    openScan: (scan) => post({ kind: 'open-scan', scan }),
    closeScan: (scanId) => post({ kind: 'close-scan', scanId }),
    setRate: (scanId, rate) => post({ kind: 'rate', scanId, ...rate }),
    confirmGate: (exclusions) =>
      post({ kind: 'gate', ...(exclusions !== undefined && { exclusions: addressSetToBytes(exclusions) }) }),
    run(order, listener) {
      if (death !== undefined) return Promise.reject(death);
      const { signal } = listener;
      if (closing !== undefined || signal.aborted) return Promise.resolve(undefined);
      lastRun += 1;
      const number = lastRun;
      const stop = () => {
        post({ kind: 'stop', run: number });
        settle(number)?.resolve(undefined);
      };
      return new Promise<RunEnd | undefined>((resolve, reject) => {
        runs.set(number, { listener, storing: Promise.resolve(), resolve, reject });
        signal.addEventListener('abort', stop, { once: true });
        post({ kind: 'run', order: { ...order, run: number } });
      }).finally(() => signal.removeEventListener('abort', stop));
    },
    close() {
      closing ??= (async () => {
        for (const number of [...runs.keys()]) settle(number)?.resolve(undefined);
        post({ kind: 'close' });
        await exited;
      })();
      return closing;
    },
  };
}
