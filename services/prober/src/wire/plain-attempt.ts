import type { Attempt, AttemptEnd, AttemptTarget, PhaseTimeouts } from './attempt.ts';
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
  readonly #startedAt = performance.now();
  readonly #http: HttpReader;
  #receivedBytes = 0;
  #connectMs: number | undefined;
  #isOver = false;
  #deadline: NodeJS.Timeout;

  constructor(target: AttemptTarget, timeouts: PhaseTimeouts, request: WireRequest, listener: AttemptListener) {
    this.#timeouts = timeouts;
    this.#request = request;
    this.#listener = listener;
    this.#http = new HttpReader(request.method);
    this.#deadline = this.#endAfter('connection-timeout', timeouts.connectTimeoutMs);
    this.#dial = new Dial(target, this);
  }

  /** Takes the connection back, whatever its phase. */
  withdraw(): void {
    this.#leave('withdrawn');
  }

  get isOpening(): boolean {
    return !this.#isOver && this.#connectMs === undefined;
  }

  connected(): void {
    this.#connectMs = performance.now() - this.#startedAt;
    clearTimeout(this.#deadline);
    this.#deadline = this.#endAfter('read-timeout', this.#timeouts.answerTimeoutMs);
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
    if (!this.#http.isComplete) return;
    this.#dial.close();
    this.#settle('answered');
  }

  failed(failure: DialFailure): void {
    if (this.#connectMs === undefined) {
      this.#settle(failure === 'closed' || failure === 'reset' ? 'closed-silently' : failure);
      return;
    }
    if (failure === 'closed') this.#http.end();
    if (this.#http.isComplete) this.#settle('answered');
    else this.#settle(this.#receivedBytes === 0 ? 'closed-silently' : 'closed-early');
  }

  troubled(error: LocalTroubleError): void {
    this.#isOver = true;
    clearTimeout(this.#deadline);
    this.#listener.troubled(error);
  }

  /** Timers run before sockets are read: what came in time while this thread was busy is heard first. */
  #endAfter(end: AttemptEnd, timeoutMs: number): NodeJS.Timeout {
    const deadline = setTimeout(() => {
      setImmediate(() => {
        if (this.#deadline === deadline) this.#leave(end);
      });
    }, timeoutMs);
    return deadline;
  }

  #leave(end: AttemptEnd, error?: unknown): void {
    if (this.#isOver) return;
    this.#dial.reset();
    this.#settle(end, error);
  }

  #settle(end: AttemptEnd, error?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#deadline);
    const attempt: Attempt = { end };
    if (error !== undefined) attempt.error = error;
    if (this.#connectMs !== undefined) attempt.connectMs = this.#connectMs;
    if (end === 'answered') attempt.answer = this.#http.answer();
    this.#listener.ended(attempt);
  }
}
