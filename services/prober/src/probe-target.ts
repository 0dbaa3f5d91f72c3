import type { Evidence, Observation } from '@kubecensus/shared/messages';
import type { Component, Outcome, PresentReason } from '@kubecensus/shared/vocabulary';
import { toAnswerSeen, toResponse } from './answer-evidence.ts';
import { type ComponentDefinition, componentDefinition, type Recognition } from './components/index.ts';
import { toChain, toFirstFlight } from './flight-evidence.ts';
import { LazyFlightNames } from './flight-names.ts';
import { createRequestWriter, type Operator } from './request-bytes.ts';
import {
  ALERT,
  type Attempt,
  type AttemptTarget,
  createClientHello,
  type PhaseTimeouts,
  PlainAttempt,
  type ServerFlight,
  TlsAttempt,
  type WireRequest,
} from './wire/index.ts';

/** A target to look at: an address in text form, without brackets or zone, and a port. */
export interface Target {
  address: string;
  port: number;
}

export interface ProbeOptions extends Partial<PhaseTimeouts> {
  operator: Operator;
  /** Of kubecensus; travels in the User-Agent. */
  version: string;
  /** Asked immediately before every connect, the second one too; false gives `excluded` and nothing is sent. */
  mayConnect(address: string, port: number): boolean;
  /** Finish the handshake and ask every TLS answer, with the component's evidence or without. Default false. */
  thorough?: boolean;
  /** Never finish a handshake: what shows the component is `present`, for the reason `first-flight-only`. Default false. */
  firstFlightOnly?: boolean;
  sourceAddress?: string;
}

/** Why this look is already the second connection to its target; no fallback follows it. */
export interface SecondLook {
  secondConnection: 'loss-sample' | 'worker-death';
}

export interface Probe {
  /**
   * Looks at one target. Resolves to what came of it, whatever the target does; rejects with `LocalTroubleError` when
   * this machine is out of something (back off, queue the target again) and for no other reason.
   */
  probe(target: Target, component: Component, secondLook?: SecondLook): Promise<Observation>;
  /** Asks `mayConnect` again for every connection that is still opening and resets those that it refuses. */
  recheck(): void;
  /** Takes back what is under way; each ends as `internal-error`. */
  close(): Promise<void>;
}

const DEFAULT_TIMEOUTS: PhaseTimeouts = {
  // Two retransmits of a SYN (after 1 s and 3 s) fit.
  connectTimeoutMs: 3500,
  firstFlightTimeoutMs: 5000,
  answerTimeoutMs: 5000,
};

interface Running {
  readonly target: Target;
  readonly attempt: TlsAttempt | PlainAttempt;
  isExcluded: boolean;
}

/** Creates the probe: one connection per target, the least that answers. */
export function createProbe(options: ProbeOptions): Probe {
  const timeouts: PhaseTimeouts = { ...DEFAULT_TIMEOUTS, ...options };
  const hello = createClientHello(`kubecensus ${options.operator.name}`);
  const writeRequest = createRequestWriter(options.operator, options.version);
  const running = new Set<Running>();

  function probe(target: Target, component: Component, secondLook?: SecondLook): Promise<Observation> {
    const definition = componentDefinition(component);
    const look = new Look(target, definition, secondLook);
    if (!options.mayConnect(target.address, target.port)) return Promise.resolve(look.toObservation('excluded'));
    const attemptTarget: AttemptTarget = { address: target.address, port: target.port };
    if (options.sourceAddress !== undefined) attemptTarget.sourceAddress = options.sourceAddress;
    const request = (): WireRequest => ({
      method: definition.request.method,
      bytes: writeRequest(definition.request.method, definition.request.path, target.address),
    });
    return new Promise((resolve, reject) => {
      const ended = (attempt: Attempt): void => {
        running.delete(entry);
        resolve(entry.isExcluded ? look.toObservation('excluded') : look.conclude(attempt));
      };
      const troubled = (error: Error): void => {
        running.delete(entry);
        reject(error);
      };
      const attempt =
        definition.transport === 'plain'
          ? new PlainAttempt({ target: attemptTarget, timeouts, request: request(), ended, troubled })
          : new TlsAttempt({
              target: attemptTarget,
              timeouts,
              hello: hello.next(),
              judge: (flight) => {
                const recognition = look.see(flight);
                if (options.firstFlightOnly) return undefined;
                return recognition === 'component' || options.thorough ? request() : undefined;
              },
              ended,
              troubled,
            });
      const entry: Running = { target, attempt, isExcluded: false };
      running.add(entry);
    });
  }

  return {
    probe,
    recheck() {
      for (const entry of running) {
        if (!entry.attempt.isOpening || options.mayConnect(entry.target.address, entry.target.port)) continue;
        entry.isExcluded = true;
        entry.attempt.withdraw();
      }
    },
    async close() {
      for (const entry of running) entry.attempt.withdraw();
    },
  };
}

/** One look at one target: gathers its evidence and comes to its outcome. */
class Look {
  readonly #target: Target;
  readonly #definition: ComponentDefinition;
  readonly #secondLook: SecondLook | undefined;
  readonly #observedAt = Date.now();
  readonly #evidence: Evidence = { chain: [], chainLength: 0 };
  #recognition: Recognition = 'none';

  constructor(target: Target, definition: ComponentDefinition, secondLook: SecondLook | undefined) {
    this.#target = target;
    this.#definition = definition;
    this.#secondLook = secondLook;
  }

  see(flight: ServerFlight): Recognition {
    this.#evidence.chain = toChain(flight);
    this.#evidence.chainLength = flight.chainLength;
    this.#evidence.firstFlight = toFirstFlight(flight);
    const range = flight.chain[0];
    const leaf = range && flight.bytes.subarray(range.start, range.end);
    const clientCas = flight.certificateRequest?.clientCas.map(({ start, end }) => flight.bytes.subarray(start, end));
    this.#recognition = this.#definition.recogniseFlight(new LazyFlightNames(this.#target.port, leaf, clientCas));
    return this.#recognition;
  }

  conclude(attempt: Attempt): Observation {
    if (attempt.answer !== undefined) {
      this.#evidence.response = toResponse(attempt.answer);
      const verdict = this.#definition.recogniseAnswer(toAnswerSeen(attempt.answer, this.#target.port));
      if (verdict !== 'none') this.#recognition = verdict;
    }
    const [outcome, reason] = this.#outcomeOf(attempt);
    return this.toObservation(outcome, reason);
  }

  toObservation(outcome: Outcome, reason?: PresentReason): Observation {
    const observation: Observation = {
      address: this.#target.address,
      port: this.#target.port,
      component: this.#definition.name,
      outcome,
      observedAt: this.#observedAt,
      durationMs: Math.max(0, Date.now() - this.#observedAt),
      evidence: this.#evidence,
    };
    if (reason !== undefined) observation.reason = reason;
    if (this.#secondLook !== undefined) observation.secondConnection = this.#secondLook.secondConnection;
    return observation;
  }

  #outcomeOf(attempt: Attempt): [Outcome, PresentReason?] {
    switch (attempt.end) {
      case 'connection-refused':
      case 'connection-timeout':
      case 'unreachable':
      case 'closed-silently':
      case 'read-timeout':
      case 'not-tls':
        return [attempt.end];
      case 'withdrawn':
        return ['internal-error'];
      case 'malformed':
        return ['malformed-tls'];
      case 'alert':
        return [refusedOutcome(attempt.alert ?? ALERT.closeNotify, this.#target.port)];
      case 'left':
        return this.#found('first-flight-only');
      case 'answered':
        return this.#found();
      case 'unfinishable':
      case 'refused-after-finished':
        return this.#found('false-start-refused');
      case 'client-certificate-required':
      case 'no-answer':
      case 'malformed-answer':
      case 'answer-too-large':
        return this.#found(attempt.end);
      case 'closed-early':
        return this.#found('closed');
    }
  }

  /** What a target is that showed itself; `reason` says why it gave no answer. */
  #found(reason?: PresentReason): [Outcome, PresentReason?] {
    if (this.#recognition === 'look-alike') return ['look-alike'];
    if (this.#recognition === 'none') return ['not-component'];
    return reason === undefined ? ['answered'] : ['present', reason];
  }
}

/** A TLS server that wants to be called by a name says so in one of three ways; all others refuse the hello itself. */
function refusedOutcome(alert: number, port: number): Outcome {
  const needsName =
    alert === ALERT.unrecognizedName ||
    alert === ALERT.closeNotify ||
    (alert === ALERT.handshakeFailure && port === 443);
  return needsName ? 'needs-name' : 'handshake-refused';
}
