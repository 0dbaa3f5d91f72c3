import { toError } from '@kubecensus/shared/errors';
import type { Observation } from '@kubecensus/shared/messages';
import type { LibraryFlight } from './fallback/fallback-message.ts';
import type { FallbackPool } from './fallback/fallback-pool.ts';
import { needsFallback } from './fallback-policy.ts';
import type { Look } from './look.ts';
import type { ProbeOptions } from './probe-target.ts';
import {
  type Attempt,
  type AttemptTarget,
  type ClientHello,
  type LocalTroubleError,
  type PhaseTimeouts,
  PlainAttempt,
  provePossession,
  type ServerFlight,
  TlsAttempt,
  type TlsAttemptListener,
  type WireRequest,
} from './wire/index.ts';

/** What all looks of one probe share. */
export interface LookingContext {
  readonly options: ProbeOptions;
  readonly timeouts: PhaseTimeouts;
  readonly hello: ClientHello;
  readonly writeRequest: (method: string, path: string, address: string) => Buffer;
  readonly fallback: FallbackPool;
  /** Looks with their first connection under way. */
  readonly running: Set<Looking>;
}

/** Who waits for a look. Its methods do not throw. */
export interface LookListener {
  /** What came of the target; called once, as soon as it is known. */
  observed(observation: Observation): void;
  /** Its descriptors are free again, and another look may begin; called once, after `observed`. */
  freed(): void;
  /** This machine is out of something (back off, queue the target again); called once, in place of both. */
  troubled(error: LocalTroubleError): void;
}

/** A look under way: drives its connection, and the fallback where the policy asks for one. */
export class Looking implements TlsAttemptListener {
  readonly #context: LookingContext;
  readonly #look: Look;
  readonly #listener: LookListener;
  #attempt: TlsAttempt | PlainAttempt | undefined;
  #isExcluded = false;
  /** The first connection, where a second is to follow it. */
  #first: Attempt | undefined;
  /** What went wrong on our side while this target was judged. */
  #fault: { error: unknown } | undefined;

  constructor(context: LookingContext, look: Look, listener: LookListener) {
    this.#context = context;
    this.#look = look;
    this.#listener = listener;
  }

  start(): void {
    const { timeouts, hello, running } = this.#context;
    running.add(this);
    const target = this.#attemptTarget();
    this.#attempt =
      this.#look.definition.transport === 'plain'
        ? new PlainAttempt(target, timeouts, this.#request(), this)
        : new TlsAttempt(target, timeouts, hello, this);
  }

  /** Asks the last gate again while the connection is still opening. */
  recheck(): void {
    const { address, port } = this.#look.target;
    if (!this.#attempt?.isOpening || this.#context.options.mayConnect(address, port)) return;
    this.#isExcluded = true;
    this.#attempt.withdraw();
  }

  withdraw(): void {
    this.#attempt?.withdraw();
  }

  judge(flight: ServerFlight, hello: Buffer): WireRequest | undefined {
    try {
      const isComponent = this.#look.see(flight) === 'component';
      if (isComponent && this.#context.options.provePossession) this.#look.possession = provePossession(hello, flight);
      return this.#isAsked(isComponent) ? this.#request() : undefined;
    } catch (error) {
      this.#fault = { error };
      return undefined;
    }
  }

  concluded(attempt: Attempt): void {
    this.#context.running.delete(this);
    if (attempt.end === 'internal-error') this.#fault = { error: attempt.error };
    const { target, definition, secondConnection } = this.#look;
    const isFinal =
      this.#fault !== undefined ||
      this.#isExcluded ||
      secondConnection !== undefined ||
      !needsFallback(attempt, target.port, definition.ports);
    if (isFinal) this.#tell(() => (this.#isExcluded ? this.#look.toExcluded() : this.#look.conclude(attempt)));
    else this.#first = attempt;
  }

  freed(): void {
    if (this.#first === undefined) this.#listener.freed();
    else void this.#fallBack(this.#first).finally(() => this.#listener.freed());
  }

  troubled(error: LocalTroubleError): void {
    this.#context.running.delete(this);
    this.#listener.troubled(error);
  }

  #tell(conclude: () => Observation): void {
    let observation: Observation;
    try {
      observation = this.#fault === undefined ? conclude() : this.#internalError(this.#fault.error);
    } catch (error) {
      observation = this.#internalError(error);
    }
    this.#listener.observed(observation);
    this.#look.forget();
  }

  async #fallBack(first: Attempt): Promise<void> {
    const { options, timeouts, fallback } = this.#context;
    const look = this.#look;
    const leftMs = timeouts.targetTimeoutMs - (this.#attempt?.ageMs ?? 0);
    const second = await fallback.run({
      target: this.#attemptTarget(),
      timeouts: { ...timeouts, targetTimeoutMs: Math.max(1, leftMs) },
      request: this.#request(),
      ...(options.serverName === undefined ? {} : { serverName: options.serverName }),
      mayConnect: () => options.mayConnect(look.target.address, look.target.port),
      judge: (flight) => this.#judgeLibrary(flight),
    });
    this.#tell(() => look.concludeFallback(first, second));
  }

  #judgeLibrary(flight: LibraryFlight): boolean {
    try {
      return this.#isAsked(this.#look.seeLibrary(flight) === 'component');
    } catch (error) {
      this.#fault = { error };
      return false;
    }
  }

  /** One target's fault of ours is one bad observation; it is said and the scan goes on. */
  #internalError(error: unknown): Observation {
    this.#context.options.reportFault?.(toError(error), this.#look.target);
    return this.#look.toObservation('internal-error');
  }

  #isAsked(isComponent: boolean): boolean {
    const { firstFlightOnly, thorough } = this.#context.options;
    return !firstFlightOnly && (isComponent || thorough === true);
  }

  #request(): WireRequest {
    const { method, path } = this.#look.definition.request;
    return { method, bytes: this.#context.writeRequest(method, path, this.#look.target.address) };
  }

  #attemptTarget(): AttemptTarget {
    const { target } = this.#look;
    const { sourceAddress } = this.#context.options;
    return sourceAddress === undefined ? target : { ...target, sourceAddress };
  }
}
