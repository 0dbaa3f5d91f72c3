import { AnswerReader } from './answer-reader.ts';
import type { Attempt, AttemptEnd, AttemptTarget, PhaseTimeouts } from './attempt.ts';
import type { ClientHello } from './client-hello.ts';
import { Deadline } from './deadline.ts';
import { Dial, type DialFailure } from './dial.ts';
import { finishHandshake } from './finish-handshake.ts';
import { parseFirstFlight, type ServerFlight } from './first-flight.ts';
import { FlightReader } from './flight-reader.ts';
import { ALERT } from './tls-constants.ts';
import { type LocalTroubleError, WireError } from './wire-error.ts';

/** A request to put behind our half of the handshake. */
export interface WireRequest {
  method: string;
  bytes: Buffer;
}

/** Its methods do not throw: what they throw would be lost in the wire. */
export interface AttemptListener {
  /** What it came to; called once, as soon as that is known. */
  concluded(attempt: Attempt): void;
  /** Its descriptor is free again; called once, after `concluded`. */
  freed(): void;
  /** Called once, in place of both. */
  troubled(error: LocalTroubleError): void;
}

export interface TlsAttemptListener extends AttemptListener {
  /**
   * Sees the first flight and the hello it answers, and says what to ask; undefined leaves the server there. The
   * flight's bytes are lent for the call only.
   */
  judge(flight: ServerFlight, hello: Buffer): WireRequest | undefined;
}

type Phase = 'connecting' | 'first-flight' | 'answer' | 'over';

/** Alerts that mean "a client certificate, please" when one was asked for and none given. */
const CERTIFICATE_ALERTS: ReadonlySet<number> = new Set([
  ALERT.handshakeFailure, // OpenSSL
  ALERT.noCertificate,
  ALERT.badCertificate, // Go, Java
  ALERT.accessDenied,
  ALERT.certificateRequired, // GnuTLS
]);

/** One TLS connection to one target: hello, first flight, and on demand the rest of the handshake with one request. */
export class TlsAttempt {
  readonly #timeouts: PhaseTimeouts;
  readonly #hellos: ClientHello;
  readonly #listener: TlsAttemptListener;
  readonly #dial: Dial;
  // Most targets of a scan never answer: what an answer needs is made when it comes.
  #hello: Buffer | undefined;
  #flight: FlightReader | undefined;
  #answer: AnswerReader | undefined;
  #isCertificateAsked = false;
  #phase: Phase = 'connecting';
  #connectMs: number | undefined;
  readonly #deadline: Deadline;

  constructor(target: AttemptTarget, timeouts: PhaseTimeouts, hellos: ClientHello, listener: TlsAttemptListener) {
    this.#timeouts = timeouts;
    this.#hellos = hellos;
    this.#listener = listener;
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
    return this.#phase === 'connecting';
  }

  connected(): void {
    this.#phase = 'first-flight';
    this.#connectMs = this.#deadline.enter(this.#timeouts.firstFlightTimeoutMs) - this.#deadline.startedAt;
    this.#hello = this.#hellos.next();
    this.#dial.write(this.#hello);
  }

  received(chunk: Buffer): void {
    try {
      if (this.#phase === 'first-flight') this.#readFlight(chunk);
      else if (this.#phase === 'answer') this.#readAnswer(chunk);
    } catch (error) {
      if (error instanceof WireError) this.#leave(this.#endOf(error));
      else this.#leave('internal-error', { error });
    }
  }

  closed(failure: DialFailure | undefined): void {
    if (this.#phase !== 'over') this.#conclude({ end: this.#endOfFailure(failure ?? 'closed') });
    this.#listener.freed();
  }

  troubled(error: LocalTroubleError): void {
    this.#phase = 'over';
    this.#deadline.over();
    this.#listener.troubled(error);
  }

  #readFlight(chunk: Buffer): void {
    this.#flight ??= new FlightReader();
    const progress = this.#flight.push(chunk);
    if (progress === 'incomplete') return;
    if (progress === 'alert') {
      this.#leave('alert', { alert: this.#flight.alertDescription });
      return;
    }
    const flight = parseFirstFlight(this.#flight.handshake, this.#flight.handshakeLength);
    const hello = this.#hello as Buffer;
    const request = this.#listener.judge(flight, hello);
    if (request === undefined) {
      this.#leave('left');
      return;
    }
    const handshake = finishHandshake(hello, flight, request.bytes);
    if (handshake === undefined) {
      this.#leave('unfinishable');
      return;
    }
    this.#isCertificateAsked = flight.certificateRequest !== undefined;
    this.#answer = new AnswerReader(handshake, request.method);
    this.#phase = 'answer';
    this.#deadline.enter(this.#timeouts.answerTimeoutMs);
    this.#dial.write(handshake.write);
  }

  #readAnswer(chunk: Buffer): void {
    const answer = this.#answer as AnswerReader;
    switch (answer.push(chunk)) {
      case 'complete':
        this.#close('answered');
        break;
      case 'alert':
        if (answer.alertDescription === ALERT.closeNotify && answer.end()) this.#close('answered');
        else this.#close(this.#alertedEnd(answer), { alert: answer.alertDescription });
        break;
    }
  }

  #alertedEnd(answer: AnswerReader): AttemptEnd {
    if (this.#isCertificateAsked && CERTIFICATE_ALERTS.has(answer.alertDescription))
      return 'client-certificate-required';
    return answer.isFinished ? 'closed-early' : 'refused-after-finished';
  }

  #endOf(error: WireError): AttemptEnd {
    if (error.code === 'WIRE_NOT_TLS') return 'not-tls';
    if (this.#phase !== 'answer') return 'malformed';
    return error.code === 'WIRE_TOO_LARGE' ? 'answer-too-large' : 'malformed-answer';
  }

  expired(): void {
    switch (this.#phase) {
      case 'connecting':
        this.#leave('connection-timeout');
        break;
      case 'first-flight':
        this.#leave('read-timeout');
        break;
      case 'answer':
        this.#leave('no-answer');
        break;
    }
  }

  #endOfFailure(failure: DialFailure): AttemptEnd {
    switch (this.#phase) {
      case 'connecting':
        return failure === 'closed' || failure === 'reset' ? 'closed-silently' : failure;
      case 'first-flight':
        return this.#flight === undefined ? 'closed-silently' : 'malformed';
      default:
        if (failure === 'closed' && this.#answer?.end()) return 'answered';
        return this.#answer?.isFinished ? 'closed-early' : 'refused-after-finished';
    }
  }

  /** Ends the connection with RST; `closed` follows. */
  #leave(end: AttemptEnd, details?: Partial<Attempt>): void {
    if (this.#phase === 'over') return;
    this.#dial.reset();
    this.#conclude({ end, ...details });
  }

  /** Ends the connection with FIN; `closed` follows. */
  #close(end: AttemptEnd, details?: Partial<Attempt>): void {
    if (this.#phase === 'over') return;
    this.#dial.close();
    this.#conclude({ end, ...details });
  }

  #conclude(attempt: Attempt): void {
    this.#phase = 'over';
    this.#deadline.over();
    if (this.#connectMs !== undefined) attempt.connectMs = this.#connectMs;
    if (attempt.end === 'answered' && this.#answer !== undefined) attempt.answer = this.#answer.answer();
    this.#listener.concluded(attempt);
  }
}
