import { LocalTroubleError, type LookListener } from '@kubecensus/prober/probe';
import { parseAddress, type Target } from '@kubecensus/shared/addresses';
import type { Observation } from '@kubecensus/shared/messages';
import { expect, test } from 'vitest';
import type { TargetBatch } from './permitted-targets.ts';
import { probeTargets } from './probe-targets.ts';

const targets = (count: number): Target[] =>
  Array.from({ length: count }, (_, index) => ({ address: parseAddress('127.0.0.1'), port: index + 1 }));

function observation(port: number, outcome: Observation['outcome'] = 'connection-refused'): Observation {
  const evidence = { chain: [], chainLength: 0 };
  return { address: '127.0.0.1', port, component: 'kube-apiserver', outcome, observedAt: 0, durationMs: 0, evidence };
}

async function* batches(...all: Target[][]): AsyncGenerator<TargetBatch> {
  for (const targets of all) yield toBatch(targets);
}

function toBatch(targets: Target[]): TargetBatch {
  return { targets, rate: 1_000_000, rateOrigin: 'asked' };
}

/** Looks that end when the test says so. */
function heldLooks() {
  const open = new Map<number, (seen: Observation) => void>();
  const events = new EventTarget();
  return {
    open,
    probe: {
      look({ port }: { port: number }, _: string, listener: LookListener) {
        open.set(port, (seen) => {
          listener.observed(seen);
          listener.freed();
        });
        events.dispatchEvent(new Event('begun'));
      },
    },
    end(port: number, outcome?: Observation['outcome']) {
      open.get(port)?.(observation(port, outcome));
      open.delete(port);
    },
    begun: (count: number) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (open.size >= count) resolve();
        };
        events.addEventListener('begun', check);
        check();
      }),
  };
}

/** All that is due now has been done. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function options(seen: number[] = []) {
  return {
    component: 'kube-apiserver',
    concurrency: 10,
    signal: new AbortController().signal,
    onObservation: ({ port }: Observation) => void seen.push(port),
    hold: () => undefined,
    onBatch: () => undefined,
    onTrouble: () => undefined,
  } as const;
}

test('every target of every batch is looked at once', async () => {
  const seen: number[] = [];
  const probe = {
    look({ port }: { port: number }, _: string, listener: LookListener) {
      listener.observed(observation(port));
      listener.freed();
    },
  };
  const run = await probeTargets(batches(targets(25), [], targets(3)), { ...options(seen), probe });
  expect(run).toEqual({ lookedAt: 28, takenBack: 0 });
  expect(seen.sort((a, b) => a - b)).toHaveLength(28);
});

test('no more targets are under way than were asked for, and each that ends lets one more begin', async () => {
  const looks = heldLooks();
  const ended = probeTargets(batches(targets(4)), { ...options(), concurrency: 2, probe: looks.probe });
  await looks.begun(2);
  await settled();
  expect([...looks.open.keys()]).toEqual([1, 2]);
  looks.end(2);
  await looks.begun(2);
  expect([...looks.open.keys()]).toEqual([1, 3]);
  looks.end(1);
  looks.end(3);
  await looks.begun(1);
  looks.end(4);
  expect(await ended).toEqual({ lookedAt: 4, takenBack: 0 });
});

test('what came of a target is told at once, and its place is given on when its descriptor is free', async () => {
  const seen: number[] = [];
  const begun: LookListener[] = [];
  const probe = { look: (_: object, __: string, listener: LookListener) => void begun.push(listener) };
  const ended = probeTargets(batches(targets(2)), { ...options(seen), concurrency: 1, probe });
  await settled();
  begun[0]?.observed(observation(1));
  await settled();
  expect(seen).toEqual([1]);
  expect(begun).toHaveLength(1);
  begun[0]?.freed();
  await settled();
  begun[1]?.observed(observation(2));
  begun[1]?.freed();
  expect(await ended).toEqual({ lookedAt: 2, takenBack: 0 });
});

test('while the output is held, no target begins', async () => {
  const looks = heldLooks();
  let release = () => {};
  let held: Promise<void> | undefined = new Promise<void>((resolve) => {
    release = resolve;
  });
  const ended = probeTargets(batches(targets(1)), { ...options(), hold: () => held, probe: looks.probe });
  await settled();
  expect(looks.open.size).toBe(0);
  held = undefined;
  release();
  await looks.begun(1);
  looks.end(1);
  await ended;
});

test('an abort begins nothing more, waits for no source, and counts what the probe takes back', async () => {
  const looks = heldLooks();
  const seen: number[] = [];
  const stop = new AbortController();
  async function* endless(): AsyncGenerator<TargetBatch> {
    yield toBatch(targets(2));
    await new Promise(() => undefined);
  }
  const ended = probeTargets(endless(), { ...options(seen), signal: stop.signal, probe: looks.probe });
  await looks.begun(2);
  stop.abort();
  looks.end(1, 'internal-error');
  looks.end(2);
  expect(await ended).toEqual({ lookedAt: 1, takenBack: 1 });
  expect(seen).toEqual([2]);
});

test('a target that this machine had no room for is looked at again, and no other is lost', async () => {
  const seen: number[] = [];
  let troubles = 3;
  const probe = {
    look({ port }: { port: number }, _: string, listener: LookListener) {
      if (port > 2 && troubles-- > 0) {
        listener.troubled(new LocalTroubleError('EMFILE', '127.0.0.1', port));
        return;
      }
      listener.observed(observation(port));
      listener.freed();
    },
  };
  const told: string[] = [];
  const onTrouble = ({ systemCode }: LocalTroubleError) => void told.push(systemCode);
  const run = await probeTargets(batches(targets(8)), { ...options(seen), probe, onTrouble });
  expect(run).toEqual({ lookedAt: 8, takenBack: 0 });
  expect(told).toEqual(['EMFILE']);
  expect(seen.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('what cannot be written ends the run with its error, after what is under way', async () => {
  const looks = heldLooks();
  const failure = new Error('the disk is full');
  const ended = probeTargets(batches(targets(50)), {
    ...options(),
    probe: looks.probe,
    onObservation: () => {
      throw failure;
    },
  });
  await looks.begun(10);
  for (let port = 1; port <= 10; port += 1) looks.end(port);
  await expect(ended).rejects.toBe(failure);
  expect(looks.open.size).toBe(0);
});

test('a source that fails is told once what is under way has ended', async () => {
  const looks = heldLooks();
  async function* broken(): AsyncGenerator<TargetBatch> {
    yield toBatch(targets(1));
    throw new Error('line 7 is no address');
  }
  const ended = probeTargets(broken(), { ...options(), probe: looks.probe });
  let isTold = false;
  const told = ended.catch((error: Error) => {
    isTold = true;
    return error.message;
  });
  await looks.begun(1);
  await settled();
  expect(isTold).toBe(false);
  looks.end(1);
  expect(await told).toBe('line 7 is no address');
});
