import { type ChildProcess, fork } from 'node:child_process';
import { MAX_CHAIN } from '@kubecensus/shared/messages';
import {
  type Attempt,
  type AttemptTarget,
  LocalTroubleError,
  type PhaseTimeouts,
  type WireRequest,
} from '../wire/index.ts';
import type { FromChild, LibraryFlight, ToChild } from './fallback-message.ts';

/** Beyond the deadlines of all phases; a child that is silent for longer hangs in native code and is killed. */
const WATCHDOG_GRACE_MS = 2000;

export interface FallbackOrder {
  target: AttemptTarget;
  timeouts: PhaseTimeouts;
  request: WireRequest;
  serverName?: string;
  /** The last gate, asked immediately before the target is handed to a child. */
  mayConnect(): boolean;
  /** Judges what the handshake showed; true sends the request. */
  judge(flight: LibraryFlight): boolean;
}

export type FallbackEnd = Attempt | { end: 'crashed' } | { end: 'excluded' };

/** An order on its way through the pool. */
export interface FallbackJob {
  readonly id: number;
  readonly order: FallbackOrder;
  readonly resolve: (end: FallbackEnd) => void;
  readonly reject: (error: LocalTroubleError) => void;
  watchdog?: NodeJS.Timeout;
  /** Milliseconds that are left to its target; what waits for a child costs it nothing. */
  leftMs: number;
  handedAt: number;
  /** It was in flight when a child died: it is retried once, and alone, so that a second death is its own. */
  isSuspect: boolean;
  isExcluded: boolean;
}

export interface FallbackChildListener {
  /** A job has left the child. */
  freed(child: FallbackChild): void;
  /** The process has ended, or never began; `jobs` are those that it took with it. */
  died(child: FallbackChild, jobs: readonly FallbackJob[], systemCode: string): void;
}

/** One disposable process and the jobs that it has in flight. */
export class FallbackChild {
  readonly jobs = new Map<number, FallbackJob>();
  /** Jobs handed to it in its life. */
  taken = 0;
  /** Its module was loaded: a death before that is no target's doing. */
  isReady = false;
  #readyAt = Number.POSITIVE_INFINITY;
  readonly #process: ChildProcess;
  readonly #listener: FallbackChildListener;
  #isDead = false;

  constructor(module: string, listener: FallbackChildListener) {
    this.#listener = listener;
    this.#process = fork(module, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    this.#process.on('message', (message) => this.#heard(message as FromChild));
    // Only a child that could not be started raises this; its `exit` does not come.
    this.#process.on('error', (error: NodeJS.ErrnoException) => this.#died(error.code ?? 'FALLBACK_CHILD'));
    this.#process.once('exit', () => this.#died('FALLBACK_CHILD'));
  }

  get isWorkingAlone(): boolean {
    for (const job of this.jobs.values()) if (job.isSuspect) return true;
    return false;
  }

  hand(job: FallbackJob): void {
    this.taken++;
    this.jobs.set(job.id, job);
    job.handedAt = performance.now();
    const { target, request, serverName } = job.order;
    const timeouts = { ...job.order.timeouts, targetTimeoutMs: job.leftMs };
    const wholeMs = timeouts.connectTimeoutMs + timeouts.firstFlightTimeoutMs + timeouts.answerTimeoutMs;
    job.watchdog = setTimeout(() => this.#process.kill('SIGKILL'), wholeMs + WATCHDOG_GRACE_MS);
    this.#tell({
      kind: 'connect',
      id: job.id,
      target,
      timeouts,
      request,
      ...(serverName === undefined ? {} : { serverName }),
      maxChain: MAX_CHAIN,
    });
  }

  /** Resets what the last gate no longer lets through. */
  recheck(): void {
    for (const job of this.jobs.values()) {
      if (job.order.mayConnect()) continue;
      job.isExcluded = true;
      this.#tell({ kind: 'leave', id: job.id });
    }
  }

  /** Lets the process end by itself; it must have nothing in flight. */
  dismiss(): void {
    if (this.#process.connected) this.#process.disconnect();
  }

  /** Ends the process and waits for its end. */
  async kill(): Promise<void> {
    if (this.#isDead) return;
    await new Promise<void>((resolve) => {
      this.#process.once('exit', () => resolve());
      this.#process.kill('SIGKILL');
    });
  }

  #tell(message: ToChild): void {
    // A child that died has closed its channel; its exit is heard and settles the job.
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  #heard(message: FromChild): void {
    if (message.kind === 'ready') {
      this.isReady = true;
      this.#readyAt = performance.now();
      return;
    }
    const job = this.jobs.get(message.id);
    if (job === undefined) return;
    if (message.kind === 'flight') {
      this.#tell({ kind: job.order.judge(message.flight) ? 'ask' : 'leave', id: job.id });
      return;
    }
    this.#take(job);
    settle(job, message);
    this.#listener.freed(this);
  }

  #died(systemCode: string): void {
    if (this.#isDead) return;
    this.#isDead = true;
    const lost = [...this.jobs.values()];
    for (const job of lost) this.#take(job);
    this.#listener.died(this, lost, systemCode);
  }

  #take(job: FallbackJob): void {
    clearTimeout(job.watchdog);
    const usedMs = performance.now() - Math.max(job.handedAt, this.#readyAt);
    job.leftMs = Math.max(1, job.leftMs - Math.max(0, usedMs));
    this.jobs.delete(job.id);
  }
}

function settle(job: FallbackJob, message: Extract<FromChild, { kind: 'ended' | 'troubled' }>): void {
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
}
