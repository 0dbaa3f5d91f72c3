import type { Observation } from '@kubecensus/shared/messages';
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

/** A look under way: drives its connection, and the fallback where the policy asks for one. */
export class Looking implements TlsAttemptListener {
  readonly #context: LookingContext;
  readonly #look: Look;
  readonly #resolve: (observation: Observation | Promise<Observation>) => void;
  readonly #reject: (error: Error) => void;
  #attempt: TlsAttempt | PlainAttempt | undefined;
  #isExcluded = false;

  constructor(
    context: LookingContext,
    look: Look,
    resolve: (observation: Observation | Promise<Observation>) => void,
    reject: (error: Error) => void,
  ) {
    this.#context = context;
    this.#look = look;
    this.#resolve = resolve;
    this.#reject = reject;
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
    const isComponent = this.#look.see(flight) === 'component';
    if (isComponent && this.#context.options.provePossession) this.#look.possession = provePossession(hello, flight);
    return this.#isAsked(isComponent) ? this.#request() : undefined;
  }

  ended(attempt: Attempt): void {
    this.#context.running.delete(this);
    const { target, definition, secondConnection } = this.#look;
    if (this.#isExcluded) this.#resolve(this.#look.toExcluded());
    else if (secondConnection === undefined && needsFallback(attempt, target.port, definition.ports)) {
      this.#resolve(this.#fallBack(attempt));
    } else this.#resolve(this.#look.conclude(attempt));
  }

  troubled(error: LocalTroubleError): void {
    this.#context.running.delete(this);
    this.#reject(error);
  }

  #fallBack(first: Attempt): Promise<Observation> {
    const { options, timeouts, fallback } = this.#context;
    const look = this.#look;
    return fallback
      .run({
        target: this.#attemptTarget(),
        timeouts,
        request: this.#request(),
        mayConnect: () => options.mayConnect(look.target.address, look.target.port),
        judge: (flight) => this.#isAsked(look.seeLibrary(flight) === 'component'),
      })
      .then((second) => look.concludeFallback(first, second));
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
    const { address, port } = this.#look.target;
    const { sourceAddress } = this.#context.options;
    return sourceAddress === undefined ? { address, port } : { address, port, sourceAddress };
  }
}
