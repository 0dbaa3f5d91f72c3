import type { Observation } from '@kubecensus/shared/messages';
import type { Component } from '@kubecensus/shared/vocabulary';
import { COMPONENT_DEFINITIONS, type ComponentDefinition } from './components/index.ts';
import { createFallbackPool } from './fallback/fallback-pool.ts';
import { needsFallback } from './fallback-policy.ts';
import { Look } from './look.ts';
import { createRequestWriter, type Operator } from './request-bytes.ts';
import type { Target } from './target.ts';
import {
  type Attempt,
  type AttemptTarget,
  createClientHello,
  type LocalTroubleError,
  type PhaseTimeouts,
  PlainAttempt,
  provePossession,
  type ServerFlight,
  TlsAttempt,
  type WireRequest,
} from './wire/index.ts';

export type { Target } from './target.ts';

export interface ProbeOptions extends Partial<PhaseTimeouts> {
  operator: Operator;
  /** Of kubecensus; travels in the User-Agent. */
  version: string;
  /** Asked immediately before every connect, the second one too; false gives `excluded` and nothing is sent. */
  mayConnect(address: string, port: number): boolean;
  /** Finish the handshake and ask every TLS answer, with the component's evidence or without. Default false. */
  thorough?: boolean;
  /** Never finish a handshake: what shows the component is `present`, because `first-flight-only`. Default false. */
  firstFlightOnly?: boolean;
  /** Check that what shows the component holds its certificate's key (138-196 µs of CPU each). Default false. */
  provePossession?: boolean;
  sourceAddress?: string;
  /** Module of the fallback's child; for tests. */
  fallbackModule?: string;
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
  /** Takes back what is under way; each ends as `internal-error`. Call it: a fallback's child keeps the process alive. */
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

/** Creates the probe: per target one connection and the least that answers; a second one only as the fallback. */
export function createProbe(options: ProbeOptions): Probe {
  const timeouts: PhaseTimeouts = {
    connectTimeoutMs: options.connectTimeoutMs ?? DEFAULT_TIMEOUTS.connectTimeoutMs,
    firstFlightTimeoutMs: options.firstFlightTimeoutMs ?? DEFAULT_TIMEOUTS.firstFlightTimeoutMs,
    answerTimeoutMs: options.answerTimeoutMs ?? DEFAULT_TIMEOUTS.answerTimeoutMs,
  };
  const isAsked = (isComponent: boolean): boolean =>
    !options.firstFlightOnly && (isComponent || options.thorough === true);
  const hello = createClientHello(`kubecensus ${options.operator.name}`);
  const writeRequest = createRequestWriter(options.operator, options.version);
  const running = new Set<Running>();
  const fallback = createFallbackPool(options.fallbackModule);

  function toRequest(definition: ComponentDefinition, target: Target): WireRequest {
    const { method, path } = definition.request;
    return { method, bytes: writeRequest(method, path, target.address) };
  }

  function toAttemptTarget({ address, port }: Target): AttemptTarget {
    return options.sourceAddress === undefined
      ? { address, port }
      : { address, port, sourceAddress: options.sourceAddress };
  }

  function judge(look: Look, flight: ServerFlight, sent: Buffer): WireRequest | undefined {
    const isComponent = look.see(flight) === 'component';
    if (isComponent && options.provePossession) look.possession = provePossession(sent, flight);
    return isAsked(isComponent) ? toRequest(look.definition, look.target) : undefined;
  }

  function fallBack(look: Look, first: Attempt): Promise<Observation> {
    const { target } = look;
    return fallback
      .run({
        target: toAttemptTarget(target),
        timeouts,
        request: toRequest(look.definition, target),
        mayConnect: () => options.mayConnect(target.address, target.port),
        judge: (flight) => isAsked(look.seeLibrary(flight) === 'component'),
      })
      .then((second) => look.concludeFallback(first, second));
  }

  function probe(target: Target, component: Component, secondLook?: SecondLook): Promise<Observation> {
    const definition = COMPONENT_DEFINITIONS[component];
    const look = new Look(target, definition, secondLook?.secondConnection);
    if (!options.mayConnect(target.address, target.port)) return Promise.resolve(look.toExcluded());
    return new Promise((resolve, reject) => {
      const ended = (attempt: Attempt): void => {
        running.delete(entry);
        if (entry.isExcluded) resolve(look.toExcluded());
        else if (secondLook === undefined && needsFallback(attempt, target.port, definition.ports)) {
          resolve(fallBack(look, attempt));
        } else resolve(look.conclude(attempt));
      };
      const troubled = (error: LocalTroubleError): void => {
        running.delete(entry);
        reject(error);
      };
      const common = { target: toAttemptTarget(target), timeouts, ended, troubled };
      const attempt =
        definition.transport === 'plain'
          ? new PlainAttempt({ ...common, request: toRequest(definition, target) })
          : new TlsAttempt({ ...common, hello: hello.next(), judge: (flight, sent) => judge(look, flight, sent) });
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
      fallback.recheck();
    },
    async close() {
      for (const entry of running) entry.attempt.withdraw();
      await fallback.close();
    },
  };
}
