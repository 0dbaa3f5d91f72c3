export interface DeadlineListener {
  /** The phase, or the whole target, is out of time. Called once at most; nothing more is heard after `over`. */
  expired(): void;
}

/**
 * The clock of one connection, `performance.now`: an absolute deadline for each phase, and one for all phases together.
 * Nothing that the target does moves either. What came in time while this thread was busy is heard before they pass:
 * timers run before sockets are read, so an expiry waits for that read.
 */
export class Deadline {
  readonly startedAt = performance.now();
  readonly #listener: DeadlineListener;
  readonly #targetEndsAt: number;
  #phaseEndsAt: number;
  #timer: NodeJS.Timeout;
  #timerRunsAt: number;
  #phase = 0;
  #isOver = false;

  constructor(listener: DeadlineListener, targetTimeoutMs: number, phaseTimeoutMs: number) {
    this.#listener = listener;
    this.#targetEndsAt = this.startedAt + targetTimeoutMs;
    const timeoutMs = Math.min(phaseTimeoutMs, targetTimeoutMs);
    this.#phaseEndsAt = this.startedAt + timeoutMs;
    this.#timerRunsAt = this.#phaseEndsAt;
    this.#timer = setTimeout(expire, timeoutMs, this);
  }

  /** Begins the next phase. Returns the moment. */
  enter(phaseTimeoutMs: number): number {
    const now = performance.now();
    this.#phase += 1;
    this.#phaseEndsAt = Math.min(now + phaseTimeoutMs, this.#targetEndsAt);
    // Most phases are over before their timer would run: one that runs too early is set again, and costs less.
    if (this.#phaseEndsAt < this.#timerRunsAt) {
      clearTimeout(this.#timer);
      this.#setTimer(now);
    }
    return now;
  }

  /** Idempotent. */
  over(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** The timer has run. */
  check(): void {
    const phase = this.#phase;
    setImmediate(() => {
      if (this.#isOver) return;
      const now = performance.now();
      // A phase that began in that very read is heard once as well, however late it is by then.
      if (now < this.#phaseEndsAt || phase !== this.#phase) {
        this.#setTimer(now);
        return;
      }
      this.over();
      this.#listener.expired();
    });
  }

  #setTimer(now: number): void {
    this.#timerRunsAt = this.#phaseEndsAt;
    this.#timer = setTimeout(expire, Math.max(0, this.#phaseEndsAt - now), this);
  }
}

function expire(deadline: Deadline): void {
  deadline.check();
}
