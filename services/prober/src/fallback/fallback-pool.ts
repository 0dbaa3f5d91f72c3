import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  type Attempt,
  type AttemptTarget,
  LocalTroubleError,
  type PhaseTimeouts,
  type WireRequest,
} from '../wire/index.ts';
import type { FromChild, LibraryFlight, ToChild } from './fallback-message.ts';

/** Targets that one child has in flight: all of them are lost with it. */
const MAX_IN_FLIGHT = 8;
/** A child is replaced after this many targets, so that whatever native code leaks ends with it. */
const MAX_TARGETS_PER_CHILD = 1000;
/** Beyond the deadlines of all phases; a child that is silent for longer hangs in native code and is killed. */
const WATCHDOG_GRACE_MS = 2000;

// The child runs compiled, also where this file is run from its source.
const COMPILED_CHILD = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/fallback/child.js' : './child.js', import.meta.url),
);

export interface FallbackOrder {
  target: AttemptTarget;
  timeouts: PhaseTimeouts;
  request: WireRequest;
  /** The last gate, asked immediately before the target is handed to a child. */
  mayConnect(): boolean;
  /** Judges what the handshake showed; true sends the request. */
  judge(flight: LibraryFlight): boolean;
}

export type FallbackEnd = Attempt | { end: 'crashed' } | { end: 'excluded' };

export interface FallbackPool {
  /** Looks at a target over node:tls. Rejects with `LocalTroubleError` only. */
  run(order: FallbackOrder): Promise<FallbackEnd>;
  /** Asks the last gate again for all that is in flight. */
  recheck(): void;
  /** Ends the child; what was under way ends as `withdrawn`. */
  close(): Promise<void>;
}

interface Job {
  readonly id: number;
  readonly order: FallbackOrder;
  readonly resolve: (end: FallbackEnd) => void;
  readonly reject: (error: LocalTroubleError) => void;
  watchdog?: NodeJS.Timeout;
  /** It was in flight when a child died: it is retried once, and alone, so that a second death is its own. */
  isSuspect: boolean;
  isExcluded: boolean;
}

interface Child {
  readonly process: ChildProcess;
  readonly jobs: Map<number, Job>;
  taken: number;
  isReady: boolean;
}

/** Creates the pool; a child is started with the first order. `childModule` is for tests. */
export function createFallbackPool(childModule: string = COMPILED_CHILD): FallbackPool {
  const waiting: Job[] = [];
  const suspects: Job[] = [];
  const retired = new Set<Child>();
  let child: Child | undefined;
  let isClosed = false;
  let lastId = 0;

  function next(): void {
    while (!isClosed && (suspects.length > 0 || waiting.length > 0)) {
      if (child !== undefined && child.taken >= MAX_TARGETS_PER_CHILD) retire(child);
      const inFlight = child === undefined ? [] : [...child.jobs.values()];
      const isAlone = inFlight.some((job) => job.isSuspect);
      const job = suspects[0] ?? (waiting[0] as Job);
      if (isAlone || inFlight.length >= (job.isSuspect ? 1 : MAX_IN_FLIGHT)) return;
      (job.isSuspect ? suspects : waiting).shift();
      if (!job.order.mayConnect()) {
        job.resolve({ end: 'excluded' });
        continue;
      }
      child ??= start();
      hand(child, job);
    }
  }

  function start(): Child {
    const started: Child = {
      process: fork(childModule, {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        execArgv: [],
      }),
      jobs: new Map(),
      taken: 0,
      isReady: false,
    };
    started.process.on('message', (message) => heard(started, message as FromChild));
    // Only a child that could not be started raises this; its `exit` does not come.
    started.process.on('error', (error: NodeJS.ErrnoException) => died(started, error.code ?? 'FALLBACK_CHILD'));
    started.process.once('exit', () => died(started, 'FALLBACK_CHILD'));
    return started;
  }

  function hand(to: Child, job: Job): void {
    to.taken++;
    to.jobs.set(job.id, job);
    const { target, timeouts, request } = job.order;
    const wholeMs = timeouts.connectTimeoutMs + timeouts.firstFlightTimeoutMs + timeouts.answerTimeoutMs;
    job.watchdog = setTimeout(() => to.process.kill('SIGKILL'), wholeMs + WATCHDOG_GRACE_MS);
    tell(to, { kind: 'connect', id: job.id, target, timeouts, request });
  }

  function tell(to: Child, message: ToChild): void {
    // A child that died has closed its channel; its exit is heard and settles the job.
    if (to.process.connected) to.process.send(message, () => {});
  }

  function heard(from: Child, message: FromChild): void {
    if (message.kind === 'ready') from.isReady = true;
    const job = from.jobs.get(message.id);
    if (job === undefined || message.kind === 'ready') return;
    if (message.kind === 'flight') {
      tell(from, { kind: job.order.judge(message.flight) ? 'ask' : 'leave', id: job.id });
      return;
    }
    take(from, job);
    if (job.isExcluded) {
      job.resolve({ end: 'excluded' });
    } else if (message.kind === 'troubled') {
      job.reject(new LocalTroubleError(message.systemCode, job.order.target.address, job.order.target.port));
    } else {
      const { end, alert, answer } = message;
      job.resolve({
        end,
        ...(alert === undefined ? {} : { alert }),
        // Buffers lose their class on the way.
        ...(answer === undefined ? {} : { answer: { ...answer, body: Buffer.from(answer.body) } }),
      });
    }
    if (from.jobs.size === 0 && retired.delete(from)) from.process.disconnect();
    next();
  }

  function died(dead: Child, systemCode: string): void {
    retired.delete(dead);
    if (child === dead) child = undefined;
    for (const job of [...dead.jobs.values()]) {
      take(dead, job);
      const { address, port } = job.order.target;
      if (isClosed) job.resolve({ end: 'withdrawn' });
      else if (!dead.isReady) job.reject(new LocalTroubleError(systemCode, address, port));
      else if (job.isSuspect) job.resolve({ end: 'crashed' });
      else {
        job.isSuspect = true;
        suspects.push(job);
      }
    }
    next();
  }

  function take(from: Child, job: Job): void {
    clearTimeout(job.watchdog);
    from.jobs.delete(job.id);
  }

  function retire(old: Child): void {
    child = undefined;
    if (old.jobs.size === 0) old.process.disconnect();
    else retired.add(old);
  }

  return {
    run(order) {
      return new Promise((resolve, reject) => {
        if (isClosed) {
          resolve({ end: 'withdrawn' });
          return;
        }
        waiting.push({ id: ++lastId, order, resolve, reject, isSuspect: false, isExcluded: false });
        next();
      });
    },
    recheck() {
      for (const each of child === undefined ? retired : [child, ...retired]) {
        for (const job of each.jobs.values()) {
          if (job.order.mayConnect()) continue;
          job.isExcluded = true;
          tell(each, { kind: 'leave', id: job.id });
        }
      }
    },
    async close() {
      isClosed = true;
      for (const job of [...waiting.splice(0), ...suspects.splice(0)]) job.resolve({ end: 'withdrawn' });
      const children = child === undefined ? [...retired] : [child, ...retired];
      await Promise.all(
        children.map(
          (each) =>
            new Promise<void>((resolve) => {
              if (each.process.exitCode !== null || each.process.signalCode !== null) return resolve();
              each.process.once('exit', () => resolve());
              each.process.kill('SIGKILL');
            }),
        ),
      );
    },
  };
}
