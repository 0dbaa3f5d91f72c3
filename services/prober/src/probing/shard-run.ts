import { setTimeout as wait } from 'node:timers/promises';
import { toError } from '@kubecensus/shared/errors';
import type { Observation, ShardSummary } from '@kubecensus/shared/messages';
import { RECORDED_OUTCOMES } from '@kubecensus/shared/vocabulary';
import { createBatchWriter } from '../batches/batch-writer.ts';
import { createDeferred } from '../pacing/deferred.ts';
import type { LeasedRate } from '../pacing/leased-rate.ts';
import type { PrefixPacer } from '../pacing/prefix-pacer.ts';
import type { SecondLook } from '../probe-target.ts';
import { LocalTroubleError } from '../wire/wire-error.ts';
import type { Gate } from './gate.ts';
import { createShardTally } from './shard-tally.ts';
import type { Slots } from './slots.ts';
import type { RevisitTarget } from './thread-messages.ts';
import { withCanaries } from './with-canaries.ts';

/** Batches on their way that nobody has stored yet; beyond this no further target is looked at. */
const MAX_UNSTORED_BATCHES = 4;
/**
 * The longest that a finding waits for its batch to fill. Each batch is a transaction of some 15 statements: where few
 * targets answer, batches of a second's findings made the record's share of the CPU twice as large. Nobody waits for a
 * finding before its shard ends.
 */
const FLUSH_MS = 5_000;
/** After this machine ran out of something; a deadline or two gives some of it back. */
const TROUBLE_PAUSE_MS = 250;
/** Targets held back for the sake of their prefixes; beyond this no other prefix goes ahead of them. */
const MAX_DEFERRED = 5_000;
/** The longest pause in which a stop goes unheard. */
const MAX_PAUSE_MS = 250;
/** Pauses for local trouble without one target looked at in between; then the shard is handed back. */
const MAX_TROUBLES = 40;

/** One in so many targets that answered is dialled once more: what does not answer then shows the loss. */
const LOSS_SAMPLE_OF = 1_000;

export interface ShardRunOptions {
  readonly targets: Iterable<RevisitTarget>;
  /** Looked at once each, between the targets and like them; counted apart, never sent. */
  readonly canaries: readonly RevisitTarget[];
  /** About so many targets there are: canaries are spread over them. */
  readonly targetCount: number;
  readonly isRepeat: boolean;
  readonly recordsAll: boolean;
  readonly slots: Slots;
  readonly gate: Gate;
  readonly rate: LeasedRate;
  readonly pacer: PrefixPacer;
  look(target: RevisitTarget, secondLook?: SecondLook): Promise<Observation>;
  /** From 0 up to 1; decides where canaries stand and who is dialled again. */
  random?(): number;
  /** Every target was dialled; some answers are still waited for. */
  fed(): void;
  /** Takes a batch that is full, or waited long enough. */
  send(batchNumber: number, observations: string): void;
  warn(line: string): void;
  readonly signal: AbortSignal;
}

export interface ShardRun {
  /** One of the batches was stored. */
  batchStored(): void;
  /** The thread was watched for so long, and found so late. */
  pulsed(watchedMs: number, lagMs: number): void;
  summary(): ShardSummary;
  /** Resolves when every target was looked at and every batch was sent; `undefined` where it was stopped before. */
  readonly ended: Promise<{ batchCount: number; summary: ShardSummary } | undefined>;
}

/** Looks at each target of a shard once, within the slots, the rate and the gate, and sends what is to be recorded. */
export function startShardRun(options: ShardRunOptions): ShardRun {
  const { slots, gate, rate, pacer, signal, random = Math.random } = options;
  const canaries: ReadonlySet<RevisitTarget> = new Set(options.canaries);
  const writer = createBatchWriter();
  const tally = createShardTally();
  const again: RevisitTarget[] = [];
  const samples: RevisitTarget[] = [];
  const deferred = createDeferred<RevisitTarget>();
  let isDry = false;
  let underWay = 0;
  let batchCount = 0;
  let stored = 0;
  let troubles = 0;
  let wake: () => void = () => undefined;
  let failure: Error | undefined;

  const send = (batches: readonly string[]) => {
    for (const batch of batches) {
      if (!signal.aborted) options.send(batchCount, batch);
      batchCount += 1;
    }
  };

  const take = (seen: Observation, target: RevisitTarget): void => {
    if (canaries.has(target)) {
      tally.countCanary(seen);
      return;
    }
    let { secondConnection } = seen;
    if (options.isRepeat && seen.outcome !== 'excluded') secondConnection ??= 'worker-death';
    // Never a third connection: who was, or may have been, dialled twice is no part of the sample.
    const isSampled = secondConnection === undefined && seen.connectMs !== undefined && random() < 1 / LOSS_SAMPLE_OF;
    if (isSampled) secondConnection = 'loss-sample';
    const observation = secondConnection === undefined ? seen : { ...seen, secondConnection };
    tally.count(observation);
    if (options.recordsAll || RECORDED_OUTCOMES.has(observation.outcome)) send(writer.add(observation));
    if (isSampled) samples.push(target);
  };

  const lookAt = async (target: RevisitTarget, isSample: boolean): Promise<void> => {
    try {
      const observation = await options.look(target, isSample ? { secondConnection: 'loss-sample' } : undefined);
      // A gate that closed by itself says nothing of the target.
      const isTurnedAway = observation.outcome === 'excluded' && !gate.excludes(target.address);
      if (isSample) tally.countLossSample(observation);
      else if (isTurnedAway) again.push(target);
      else take(observation, target);
      pacer.heed(observation);
      troubles = 0;
    } catch (caught) {
      if (!isSample) again.push(target);
      if (caught instanceof LocalTroubleError) {
        slots.shrink();
        if (troubles++ === 0) options.warn(caught.message);
      } else {
        failure ??= toError(caught);
      }
    } finally {
      underWay -= 1;
      wake();
    }
  };

  /** Waits for a slot, a token, room for batches and the gate, which comes last: it is the nearest to the connect. */
  async function start(target: RevisitTarget, isSample = false): Promise<void> {
    while (batchCount - stored > MAX_UNSTORED_BATCHES && !signal.aborted) await somethingEnded();
    await slots.whenFree(signal);
    for (let waitMs = rate.take(); waitMs > 0 && !signal.aborted; waitMs = rate.take()) await wait(waitMs);
    if (!gate.isOpen()) await gate.whenOpen(signal);
    if (signal.aborted) return;
    underWay += 1;
    slots.run(() => lookAt(target, isSample));
  }

  function somethingEnded(): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        signal.removeEventListener('abort', end);
        resolve();
      };
      wake = end;
      signal.addEventListener('abort', end);
    });
  }

  /** The next target whose prefix may be dialled; `undefined` where there is none at this moment. */
  function next(source: Iterator<RevisitTarget>): RevisitTarget | undefined {
    while (deferred.nextAt > performance.now()) {
      if (isDry || deferred.size >= MAX_DEFERRED) return undefined;
      const { value, done } = source.next();
      isDry = done === true;
      if (isDry) continue;
      const waitMs = pacer.reserve(value.address);
      if (waitMs === 0) return value;
      deferred.add(value, performance.now() + waitMs);
    }
    return deferred.take();
  }

  async function feed(targets: Iterable<RevisitTarget>): Promise<void> {
    const source = targets[Symbol.iterator]();
    isDry = false;
    while (!signal.aborted && failure === undefined) {
      if (troubles > MAX_TROUBLES) throw new Error('this machine stayed out of descriptors or memory');
      if (troubles > 0) await wait(TROUBLE_PAUSE_MS);
      const sample = samples.shift();
      if (sample !== undefined) await start(sample, true);
      const target = next(source);
      if (target !== undefined) await start(target);
      else if (deferred.size > 0) await wait(Math.min(deferred.nextAt - performance.now(), MAX_PAUSE_MS));
      else break;
    }
    if (again.length === 0 && !signal.aborted) options.fed();
    while (underWay > 0 && !signal.aborted) await somethingEnded();
  }

  async function runAll() {
    const timer = setInterval(() => send(writer.flush()), FLUSH_MS);
    try {
      await feed(withCanaries(options.targets, options.targetCount, options.canaries, random));
      while (again.length + samples.length > 0 && !signal.aborted && failure === undefined) {
        await feed(again.splice(0));
      }
      if (failure !== undefined) throw failure;
      if (signal.aborted) return undefined;
      send(writer.flush());
      if (writer.tooLarge > 0) options.warn(`${writer.tooLarge} observations were too large for a batch and are lost`);
      return { batchCount, summary: tally.toSummary() };
    } finally {
      clearInterval(timer);
    }
  }

  return {
    batchStored() {
      stored += 1;
      wake();
    },
    pulsed: tally.countPulse,
    summary: () => tally.toSummary(),
    ended: runAll(),
  };
}
