import type { Observation } from '@kubecensus/shared/messages';
import type { Outcome, PresentReason } from '@kubecensus/shared/vocabulary';
import { ReadEvidence } from '@kubecensus/shared/zgrab';
import { toAnswerSeen, toResponse } from './answer-evidence.ts';
import type { ComponentDefinition, Recognition } from './components/define-component.ts';
import type { FallbackEnd } from './fallback/fallback-child.ts';
import type { LibraryFlight } from './fallback/fallback-message.ts';
import { isNameNeeded } from './fallback-policy.ts';
import { toChain, toFirstFlight } from './flight-evidence.ts';
import { LazyFlightNames } from './flight-names.ts';
import { libraryFirstFlight } from './library-evidence.ts';
import type { Target } from './target.ts';
import { ALERT, type Attempt, type HttpAnswer, type ServerFlight } from './wire/index.ts';

type Finding = [Outcome, PresentReason?];

const FORGOTTEN = new ReadEvidence();

/** One look at one target: gathers its evidence over one or two connections and comes to its outcome. */
export class Look {
  readonly target: Target;
  readonly definition: ComponentDefinition;
  readonly #observedAt = Date.now();
  #evidence = new ReadEvidence();
  #recognition: Recognition = 'none';
  #connectMs: number | undefined;
  /** `unknown` until it was looked at. */
  possession: 'proved' | 'failed' | 'unknown' = 'unknown';
  secondConnection: Observation['secondConnection'];

  constructor(target: Target, definition: ComponentDefinition, secondConnection: Observation['secondConnection']) {
    this.target = target;
    this.definition = definition;
    this.secondConnection = secondConnection;
  }

  /** Takes a first flight down and judges it. The flight's bytes are not held. */
  see(flight: ServerFlight): Recognition {
    this.#evidence.chain = toChain(flight);
    this.#evidence.chainLength = flight.chainLength;
    this.#evidence.firstFlight = toFirstFlight(flight);
    const range = flight.chain[0];
    const leaf = range && flight.bytes.subarray(range.start, range.end);
    const clientCas = flight.certificateRequest?.clientCas.map(({ start, end }) => flight.bytes.subarray(start, end));
    const names = new LazyFlightNames(this.target.port, leaf, clientCas);
    this.#recognition = this.definition.recogniseFlight(names);
    this.#evidence.keepLeaf(names.certificate);
    return this.#recognition;
  }

  /** Takes down what a handshake over the library showed; what the first connection saw in clear stays. */
  seeLibrary(flight: LibraryFlight): Recognition {
    if (this.#evidence.firstFlight !== undefined) return this.#recognition;
    const chain = flight.chain.map((der) => Buffer.from(der.buffer, der.byteOffset, der.byteLength));
    this.#evidence.chain = chain.map((der) => der.toString('base64'));
    this.#evidence.chainLength = flight.chainLength;
    this.#evidence.firstFlight = libraryFirstFlight(flight);
    this.#recognition = this.definition.recogniseFlight(new LazyFlightNames(this.target.port, chain[0], undefined));
    // The library ends a handshake whose signature does not fit the certificate; RSA key exchange has none.
    if (flight.curveName !== undefined) this.possession = 'proved';
    return this.#recognition;
  }

  /** The outcome of the first, and as a rule only, connection. */
  conclude(attempt: Attempt): Observation {
    this.#connectMs = attempt.connectMs;
    this.#hear(attempt.answer);
    return this.toObservation(...this.#findingOf(attempt));
  }

  /** The outcome where a fallback followed: what it found out, or else what the first connection came to. */
  concludeFallback(first: Attempt, second: FallbackEnd): Observation {
    this.#connectMs = first.connectMs;
    this.secondConnection = 'fallback';
    switch (second.end) {
      case 'crashed':
        return this.toObservation(this.#recognition === 'component' ? 'present' : 'fallback-crashed', 'no-answer');
      case 'excluded':
        this.secondConnection = undefined;
        return this.toExcluded();
      case 'withdrawn':
        this.secondConnection = undefined;
        return this.toObservation(...this.#findingOf(first));
      case 'alert':
      case 'malformed':
      case 'closed-silently':
      case 'read-timeout':
      case 'connection-refused':
      case 'connection-timeout':
      case 'unreachable':
        return this.toObservation(...this.#findingOf(first));
      default:
        this.#hear(second.answer);
        return this.toObservation(...this.#findingOf(second));
    }
  }

  /** The last gate refused: whatever was seen before is not kept either. */
  toExcluded(): Observation {
    return { ...this.toObservation('excluded'), evidence: { chain: [], chainLength: 0 } };
  }

  /** Lets go of what was seen and told: connections take a while to close, and at scale a thousand wait for that. */
  forget(): void {
    this.#evidence = FORGOTTEN;
  }

  toObservation(outcome: Outcome, reason?: PresentReason): Observation {
    const observation: Observation = {
      address: this.target.address,
      port: this.target.port,
      component: this.definition.name,
      outcome,
      observedAt: this.#observedAt,
      durationMs: Math.max(0, Date.now() - this.#observedAt),
      evidence: this.#evidence,
    };
    if (reason !== undefined && outcome === 'present') observation.reason = reason;
    if (this.secondConnection !== undefined) observation.secondConnection = this.secondConnection;
    if (this.#connectMs !== undefined) observation.connectMs = Math.round(this.#connectMs);
    if (this.possession !== 'unknown') observation.possession = this.possession;
    return observation;
  }

  #hear(answer: HttpAnswer | undefined): void {
    if (answer === undefined) return;
    this.#evidence.response = toResponse(answer, this.definition.steadyBody);
    const verdict = this.definition.recogniseAnswer(toAnswerSeen(answer, this.target.port));
    if (verdict !== 'none') this.#recognition = verdict;
  }

  #findingOf(attempt: Attempt): Finding {
    switch (attempt.end) {
      case 'connection-refused':
      case 'connection-timeout':
      case 'unreachable':
      case 'closed-silently':
      case 'read-timeout':
      case 'not-tls':
        return [attempt.end];
      case 'withdrawn':
      case 'internal-error':
        return ['internal-error'];
      case 'malformed':
        return ['malformed-tls'];
      case 'alert':
        return isNameNeeded(attempt.alert ?? ALERT.closeNotify, this.target.port)
          ? ['needs-name']
          : ['handshake-refused'];
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
  #found(reason?: PresentReason): Finding {
    if (this.#recognition === 'look-alike') return ['look-alike'];
    if (this.#recognition === 'none') return ['not-component'];
    return reason === undefined ? ['answered'] : ['present', reason];
  }
}
