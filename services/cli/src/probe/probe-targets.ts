import { createTokenBucket, LocalTroubleError, type Probe } from '@kubecensus/prober';
import type { Target } from '@kubecensus/shared/addresses';
import { formatAddress } from '@kubecensus/shared/addresses';
import type { Observation } from '@kubecensus/shared/messages';
import type { Component } from '@kubecensus/shared/vocabulary';

/** After this machine ran out of descriptors or memory: long enough for a deadline or two to give some back. */
const BACK_OFF_MS = 250;
/** Times that one target is put off for trouble of this machine, until the trouble is the user's to mend. */
const MAX_PUT_OFF = 40;

type Options = {
  probe: Probe;
  component: Component;
  /** Targets under way at a time. */
  concurrency: number;
  /** Connects per second. */
  rate: number;
  signal: AbortSignal;
  /** Called for each target as it ends; awaited, so that a slow reader slows the probing. */
  onObservation(observation: Observation): Promise<void>;
};

/**
 * Probes a stream of targets, `concurrency` at a time; no more than those are ever held. Resolves to how many were looked at.
 * A stream that fails is told once what is under way has come to its end.
 */
export async function probeTargets(targets: AsyncIterable<Target>, options: Options): Promise<number> {
  const { probe, component, concurrency, signal } = options;
  const bucket = createTokenBucket(options.rate);
  const source = targets[Symbol.asyncIterator]();
  let count = 0;
  let isDone = false;

  // One at a time reads the source and takes a token; the others wait for their turn behind it.
  let turn: Promise<unknown> = Promise.resolve();
  const next = (): Promise<Target | undefined> => {
    const mine = turn.then(async () => {
      if (isDone || signal.aborted) return undefined;
      for (let waitMs = bucket.take(); waitMs > 0; waitMs = bucket.take()) await pause(waitMs, signal);
      if (signal.aborted) return undefined;
      const { value, done } = await source.next();
      isDone = done === true;
      return isDone ? undefined : (value as Target);
    });
    turn = mine.catch(() => {
      isDone = true;
    });
    return mine;
  };
  const failures: unknown[] = [];

  const worker = async () => {
    for (let target = await next(); target !== undefined; target = await next()) {
      await options.onObservation(await look(probe, target, component, signal));
      count += 1;
    }
  };
  const workers = Array.from({ length: concurrency }, () =>
    worker().catch((caught: unknown) => {
      isDone = true;
      failures.push(caught);
    }),
  );
  await Promise.all(workers);
  await source.return?.();
  if (failures.length > 0) throw failures[0];
  return count;
}

/** Trouble of this machine says nothing about the target: it is looked at again once there is room. */
async function look(probe: Probe, target: Target, component: Component, signal: AbortSignal): Promise<Observation> {
  for (let putOff = 0; ; putOff += 1) {
    try {
      return await probe.probe({ address: formatAddress(target.address), port: target.port }, component);
    } catch (caught) {
      if (!(caught instanceof LocalTroubleError) || signal.aborted || putOff >= MAX_PUT_OFF) throw caught;
      await pause(BACK_OFF_MS, signal);
    }
  }
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
