import { isIP } from 'node:net';
import type { Observation } from '@kubecensus/shared/messages';
import type { Component } from '@kubecensus/shared/vocabulary';
import { COMPONENT_DEFINITIONS } from './components/index.ts';
import { createFallbackPool } from './fallback/fallback-pool.ts';
import { Look } from './look.ts';
import { Looking, type LookingContext, type LookListener } from './looking.ts';
import { createRequestWriter, type Operator } from './request-bytes.ts';
import type { Target } from './target.ts';
import { createClientHello, type PhaseTimeouts } from './wire/index.ts';

export type { LookListener } from './looking.ts';
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
  /** Said to every target as its TLS server name: only for a named target of one's own. */
  serverName?: string;
  /** Hears of each fault of ours; its target is an `internal-error`, and the probe goes on. */
  reportFault?(error: Error, target: Target): void;
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
  /** The same for many: the listener hears what came of the target without a promise for each, and before it is freed. */
  look(target: Target, component: Component, listener: LookListener, secondLook?: SecondLook): void;
  /** Asks `mayConnect` again for every connection that is still opening and resets those that it refuses. */
  recheck(): void;
  /** Takes back what is under way; each ends as `internal-error`. Call it: a fallback's child keeps the process alive. */
  close(): Promise<void>;
}

const DEFAULT_TIMEOUTS = {
  // Two retransmits of a SYN (after 1 s and 3 s) fit.
  connectTimeoutMs: 3500,
  firstFlightTimeoutMs: 5000,
  answerTimeoutMs: 5000,
};

/** Creates the probe: per target one connection and the least that answers; a second one only as the fallback. */
export function createProbe(options: ProbeOptions): Probe {
  const timeouts = toTimeouts(options);
  const context: LookingContext = {
    options,
    timeouts,
    hello: createClientHello(`kubecensus ${options.operator.name}`, options.serverName),
    writeRequest: createRequestWriter(options.operator, options.version),
    fallback: createFallbackPool(options.fallbackModule),
    running: new Set(),
  };
  const look: Probe['look'] = (target, component, listener, secondLook) => {
    assertAddress(target);
    const begun = new Look(target, COMPONENT_DEFINITIONS[component], secondLook?.secondConnection);
    if (options.mayConnect(target.address, target.port)) {
      new Looking(context, begun, listener).start();
      return;
    }
    listener.observed(begun.toExcluded());
    listener.freed();
  };
  return {
    look,
    probe(target, component, secondLook) {
      assertAddress(target);
      return new Promise((resolve, reject) => {
        let seen: Observation;
        const observed = (observation: Observation) => {
          seen = observation;
        };
        look(target, component, { observed, freed: () => resolve(seen), troubled: reject }, secondLook);
      });
    },
    recheck() {
      for (const looking of context.running) looking.recheck();
      context.fallback.recheck();
    },
    async close() {
      for (const looking of context.running) looking.withdraw();
      await context.fallback.close();
    },
  };
}

/** A name in place of an address would be looked up, and what it stands for was never asked of the last gate. */
function assertAddress({ address }: Target): void {
  if (isIP(address) === 0) throw new TypeError(`the target ${address} is no IP address`);
}

/** A target has the time of its three phases, however many connections it takes. */
function toTimeouts(options: Partial<PhaseTimeouts>): PhaseTimeouts {
  const connectTimeoutMs = options.connectTimeoutMs ?? DEFAULT_TIMEOUTS.connectTimeoutMs;
  const firstFlightTimeoutMs = options.firstFlightTimeoutMs ?? DEFAULT_TIMEOUTS.firstFlightTimeoutMs;
  const answerTimeoutMs = options.answerTimeoutMs ?? DEFAULT_TIMEOUTS.answerTimeoutMs;
  const targetTimeoutMs = options.targetTimeoutMs ?? connectTimeoutMs + firstFlightTimeoutMs + answerTimeoutMs;
  return { connectTimeoutMs, firstFlightTimeoutMs, answerTimeoutMs, targetTimeoutMs };
}
