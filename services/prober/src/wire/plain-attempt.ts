import type { Attempt, AttemptEnd, AttemptTarget, PhaseTimeouts } from './attempt.ts';
import { Deadline } from './deadline.ts';
import { Dial, type DialFailure } from './dial.ts';
import { HttpReader } from './http-reader.ts';
import { MAX_ANSWER_BYTES } from './limits.ts';
import type { AttemptListener, WireRequest } from './tls-attempt.ts';
import { type LocalTroubleError, WireError } from './wire-error.ts';

/** One plain HTTP connection to one target: connect, one request, one answer. */
export class PlainAttempt {
  readonly #timeouts: PhaseTimeouts;
  readonly #request: WireRequest;
  readonly #listener: AttemptListener;
  readonly #dial: Dial;
  readonly #http: HttpReader;
  #receivedBytes = 0;
  #connectMs: number | undefined;
  #isOver = false;
  readonly #deadline: Deadline;

  constructor(target: AttemptTarget, timeouts: PhaseTimeouts, request: WireRequest, listener: AttemptListener) {
    this.#timeouts = timeouts;
    this.#request = request;
    this.#listener = listener;
    this.#http = new HttpReader(request.method);
    this.#deadline = new Deadline(this, timeouts.targetTimeoutMs, timeouts.connectTimeoutMs);
    this.#dial = new Dial(target, this);
  }

  /** Takes the connection back, whatever its phase. */
  withdraw(): void {
    this.#leave('withdrawn');
  }

  /** Milliseconds since it began. */
  get ageMs(): number {
    return performance.now() - this.#deadline.startedAt;
  }

  get isOpening(): boolean {
    return !this.#isOver && this.#connectMs === undefined;
  }

  connected(): void {
    this.#connectMs = this.#deadline.enter(this.#timeouts.answerTimeoutMs) - this.#deadline.startedAt;
    this.#dial.write(this.#request.bytes);
  }

  received(chunk: Buffer): void {
    this.#receivedBytes += chunk.length;
    try {
      if (this.#receivedBytes > MAX_ANSWER_BYTES) {
        throw new WireError('WIRE_TOO_LARGE', `over ${MAX_ANSWER_BYTES} bytes of an answer`);
      }
      this.#http.push(chunk);
    } catch (error) {
      if (!(error instanceof WireError)) this.#leave('internal-error', error);
      else this.#leave(error.code === 'WIRE_TOO_LARGE' ? 'answer-too-large' : 'malformed-answer');
      return;
    }
    if (!this.#http.isComplete || this.#isOver) return;
    this.#dial.close();
    this.#conclude({ end: 'answered' });
  }

  closed(failure: DialFailure | undefined): void {
    if (!this.#isOver) this.#conclude({ end: this.#endOfFailure(failure ?? 'closed') });
    this.#listener.freed();
  }

  troubled(error: LocalTroubleError): void {
    this.#isOver = true;
    this.#deadline.over();
    this.#listener.troubled(error);
  }

  expired(): void {
    this.#leave(this.#connectMs === undefined ? 'connection-timeout' : 'read-timeout');
  }

  #endOfFailure(failure: DialFailure): AttemptEnd {
    if (this.#connectMs === undefined) return failure === 'closed' || failure === 'reset' ? 'closed-silently' : failure;
    if (failure === 'closed') this.#http.end();
    if (this.#http.isComplete) return 'answered';
    return this.#receivedBytes === 0 ? 'closed-silently' : 'closed-early';
  }

  #leave(end: AttemptEnd, error?: unknown): void {
    if (this.#isOver) return;
    this.#dial.reset();
    this.#conclude(error === undefined ? { end } : { end, error });
  }

  #conclude(attempt: Attempt): void {
    this.#isOver = true;
    this.#deadline.over();
    if (this.#connectMs !== undefined) attempt.connectMs = this.#connectMs;
    if (attempt.end === 'answered') attempt.answer = this.#http.answer();
    this.#listener.concluded(attempt);
  }
}
