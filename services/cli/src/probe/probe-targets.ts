import { createTokenBucket, type LocalTroubleError, type Probe } from '@kubecensus/prober/probe';
import { formatAddress, type Target } from '@kubecensus/shared/addresses';
import type { Observation } from '@kubecensus/shared/messages';
import type { Component } from '@kubecensus/shared/vocabulary';
import type { TargetBatch } from './permitted-targets.ts';

/** After this machine ran out of descriptors or memory: long enough for a deadline or two to give some back. */
const BACK_OFF_MS = 250;
/** Times that one target is put off for trouble of this machine, until the trouble is the user's to mend. */
const MAX_PUT_OFF = 40;
/** After such trouble half as many targets are under way; never fewer than this. */
const MIN_UNDER_WAY = 8;
/** Targets that ended well before one more is let in again. */
const RECOVERY = 50;

type Options = {
  probe: Pick<Probe, 'look'>;
  component: Component;
  /** Targets under way at a time. */
  concurrency: number;
  /** When it aborts, nothing is begun any more; what the probe then takes back ends without an observation. */
  signal: AbortSignal;
  /** Called for each target as soon as it is known what came of it; what it throws ends the run. */
  onObservation(observation: Observation): void;
  /** Asked before each target; a promise holds the next one back. */
  hold(): Promise<void> | undefined;
  /** Called for each batch before its first target. */
  onBatch(batch: TargetBatch): void;
  /** Called once, when this machine ran out of something and fewer targets are under way from then on. */
  onTrouble(error: LocalTroubleError): void;
};

/** What a run came to: targets that were looked at, and those that its end took back half-way. */
export type ProbeRun = { lookedAt: number; takenBack: number };

/**
 * Probes a stream of targets, `concurrency` at a time; no more than those and one batch are ever held. A stream that
 * fails, or an observation that cannot be taken, is told once what is under way has come to its end.
 */
export async function probeTargets(batches: AsyncIterable<TargetBatch>, options: Options): Promise<ProbeRun> {
  const { probe, component, signal } = options;
  const bucket = createTokenBucket(1);
  const limit = createLimit(options.concurrency);
  const run: ProbeRun = { lookedAt: 0, takenBack: 0 };
  const failures: unknown[] = [];
  let underWay = 0;
  let hasTold = false;
  /** One wait for all that are put off. */
  let backOff: Promise<void> | undefined;
  let wakeUp = () => {};
  const nextWake = () =>
    new Promise<void>((resolve) => {
      wakeUp = resolve;
    });
  const isOver = () => signal.aborted || failures.length > 0;
  const fail = (caught: unknown) => {
    failures.push(caught);
    wakeUp();
  };

  const ended = () => {
    underWay -= 1;
    wakeUp();
  };

  // Shared handlers and no promise: these run for every target, and most cost no more than their connect.
  const seen = (observation: Observation) => {
    if (signal.aborted && observation.outcome === 'internal-error') run.takenBack += 1;
    else {
      limit.grow();
      run.lookedAt += 1;
      try {
        options.onObservation(observation);
      } catch (caught) {
        fail(caught);
      }
    }
  };

  function look(target: Target, timesPutOff: number): void {
    probe.look({ address: formatAddress(target.address), port: target.port }, component, {
      observed: seen,
      freed: ended,
      troubled: (error) => void putOff(target, timesPutOff, error),
    });
  }

  /** Trouble of this machine says nothing about the target: it keeps its place, and is looked at again. */
  async function putOff(target: Target, timesPutOff: number, trouble: LocalTroubleError): Promise<void> {
    if (timesPutOff >= MAX_PUT_OFF) {
      fail(trouble);
      ended();
      return;
    }
    if (!hasTold) options.onTrouble(trouble);
    hasTold = true;
    limit.shrink();
    backOff ??= pause(BACK_OFF_MS, signal).then(() => {
      backOff = undefined;
    });
    await backOff;
    if (!signal.aborted) {
      look(target, timesPutOff + 1);
      return;
    }
    run.takenBack += 1;
    ended();
  }

  /** What the next target has to wait for. */
  function hold(): Promise<void> | undefined {
    if (isOver()) return undefined;
    if (underWay >= limit.current()) return nextWake();
    const output = options.hold();
    if (output !== undefined) {
      void output.then(() => wakeUp());
      return nextWake();
    }
    const waitMs = bucket.take();
    return waitMs > 0 ? pause(waitMs, signal) : undefined;
  }

  /** The next batch; undefined at the end, and when the run is over, whatever the source then still waits for. */
  const source = batches[Symbol.asyncIterator]();
  async function nextBatch(): Promise<TargetBatch | undefined> {
    let batch: IteratorResult<TargetBatch> | undefined;
    source.next().then((result) => {
      batch = result;
      wakeUp();
    }, fail);
    while (batch === undefined && !isOver()) await nextWake();
    return batch?.done === false && !isOver() ? batch.value : undefined;
  }

  const whenAborted = () => wakeUp();
  signal.addEventListener('abort', whenAborted);
  try {
    for (let batch = await nextBatch(); batch !== undefined; batch = await nextBatch()) {
      bucket.setPerSecond(batch.rate);
      options.onBatch(batch);
      for (const target of batch.targets) {
        for (let wait = hold(); wait !== undefined; wait = hold()) await wait;
        if (isOver()) break;
        underWay += 1;
        look(target, 0);
      }
    }
  } catch (caught) {
    fail(caught);
  }
  while (underWay > 0) await nextWake();
  signal.removeEventListener('abort', whenAborted);
  if (failures.length > 0) throw failures[0];
  return run;
}

/** How many targets may be under way: half as many after trouble, and slowly more again. */
function createLimit(most: number) {
  let limit = most;
  let ended = 0;
  let shrunkAt = Number.NEGATIVE_INFINITY;
  return {
    current: () => limit,
    grow() {
      if (limit < most && ++ended % RECOVERY === 0) limit += 1;
    },
    /** Trouble comes in bursts of all that is begun together; one burst is one piece of bad news. */
    shrink() {
      if (performance.now() - shrunkAt < BACK_OFF_MS) return;
      shrunkAt = performance.now();
      limit = Math.max(Math.min(MIN_UNDER_WAY, most), limit >>> 1);
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
