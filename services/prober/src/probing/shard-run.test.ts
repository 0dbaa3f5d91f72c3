import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { AddressSetBuilder, parseRange } from '@kubecensus/shared/addresses';
import { emptyShardSummary, type Observation } from '@kubecensus/shared/messages';
import type { Outcome } from '@kubecensus/shared/vocabulary';
import { describe, expect, it } from 'vitest';
import { createLeasedRate, type LeasedRate } from '../pacing/leased-rate.ts';
import { createPrefixPacer } from '../pacing/prefix-pacer.ts';
import { LocalTroubleError } from '../wire/wire-error.ts';
import { createGate } from './gate.ts';
import { type ShardRunOptions, startShardRun } from './shard-run.ts';
import { createSlots } from './slots.ts';
import type { RevisitTarget } from './thread-messages.ts';

function targets(count: number): RevisitTarget[] {
  return Array.from({ length: count }, (_, index) => ({
    address: `127.0.${index >> 8}.${index & 255}`,
    port: 6443,
    component: 'kube-apiserver',
  }));
}

function seen(target: RevisitTarget, outcome: Outcome, bodyBytes = 0): Observation {
  const body = Buffer.alloc(bodyBytes, target.address).toString('base64');
  const response = { status: 200, headers: [], body };
  return { ...target, outcome, observedAt: 1, durationMs: 1, evidence: { chain: [], chainLength: 0, response } };
}

function rateOf(perSecond: number): LeasedRate {
  const rate = createLeasedRate();
  rate.lease(perSecond, 60_000);
  return rate;
}

function start(changes: Partial<ShardRunOptions> & Pick<ShardRunOptions, 'look' | 'targets'>) {
  const stop = new AbortController();
  const gate = createGate();
  gate.confirm();
  const batches: string[] = [];
  const warnings: string[] = [];
  const run = startShardRun({
    canaries: [],
    targetCount: 50,
    isRepeat: false,
    recordsAll: false,
    slots: createSlots(10),
    gate,
    rate: rateOf(1_000_000),
    pacer: createPrefixPacer((line) => warnings.push(line)),
    send: (batchNumber, observations) => {
      expect(batchNumber).toBe(batches.length);
      batches.push(observations);
      queueMicrotask(() => run.batchStored());
    },
    fed: () => undefined,
    warn: (line) => warnings.push(line),
    signal: stop.signal,
    ...changes,
  });
  const lines = () =>
    batches.flatMap((batch) =>
      gunzipSync(Buffer.from(batch, 'base64'))
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Observation),
    );
  return { run, stop, batches, warnings, lines };
}

describe('a run over a shard', () => {
  it('counts every target once and sends only what is a finding', async () => {
    const outcomes: Outcome[] = ['answered', 'connection-refused', 'present', 'not-component', 'look-alike'];
    const { run, lines } = start({
      targets: targets(50),
      look: async (target) => seen(target, outcomes[Number(target.address.split('.')[3]) % 5] ?? 'malformed'),
    });
    const end = await run.ended;
    expect(end?.summary).toEqual({
      ...emptyShardSummary(),
      targets: 50,
      outcomes: Object.fromEntries(outcomes.map((outcome) => [outcome, 10])),
    });
    expect(lines()).toHaveLength(30);
    expect(end?.batchCount).toBe(1);
  });

  it('sends everything of a revisit', async () => {
    const { run, lines } = start({
      targets: targets(5),
      recordsAll: true,
      look: async (target) => seen(target, 'connection-refused'),
    });
    await run.ended;
    expect(lines()).toHaveLength(5);
  });

  it('says of a repeated shard that its targets may have been dialled before', async () => {
    const { run, lines } = start({
      targets: targets(3),
      isRepeat: true,
      look: async (target) =>
        target.address.endsWith('.0')
          ? { ...seen(target, 'answered'), secondConnection: 'fallback' }
          : seen(target, 'answered'),
    });
    const end = await run.ended;
    expect(end?.summary.secondConnections).toEqual({ fallback: 1, 'loss-sample': 0, 'worker-death': 2 });
    expect(
      lines()
        .map((line) => line.secondConnection)
        .sort(),
    ).toEqual(['fallback', 'worker-death', 'worker-death']);
  });

  it('of an empty shard names no batch', async () => {
    const { run } = start({ targets: [], look: async (target) => seen(target, 'answered') });
    expect(await run.ended).toMatchObject({ batchCount: 0, summary: { targets: 0 } });
  });

  it('looks at no further target while five batches are not stored', async () => {
    let looked = 0;
    let sent = 0;
    const { run } = start({
      targets: targets(60),
      slots: createSlots(1),
      // Three such answers fill a batch.
      look: async (target) => {
        looked += 1;
        const response = { status: 200, headers: [], body: randomBytes(60_000).toString('base64') };
        return { ...seen(target, 'answered'), evidence: { chain: [], chainLength: 0, response } };
      },
      send: () => {
        sent += 1;
      },
    });
    while (sent < 5) await new Promise(setImmediate);
    const before = looked;
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(looked).toBeLessThanOrEqual(before + 1);
    expect(sent).toBe(5);
    const storing = setInterval(() => run.batchStored(), 0);
    await run.ended;
    clearInterval(storing);
    expect(looked).toBe(60);
  });

  it('looks again at what this machine had no room for, with fewer slots, and says it once', async () => {
    const failed = new Set<string>();
    const slots = createSlots(16);
    const { run, warnings } = start({
      targets: targets(40),
      slots,
      look: async (target) => {
        if (!failed.has(target.address) && target.address.endsWith('0')) {
          failed.add(target.address);
          throw new LocalTroubleError('EMFILE', target.address, target.port);
        }
        return seen(target, 'connection-refused');
      },
    });
    const end = await run.ended;
    expect(end?.summary.outcomes).toEqual({ 'connection-refused': 40 });
    expect(slots.limit).toBeLessThan(16);
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.length).toBeLessThan(failed.size + 1);
  });

  it('an unforeseen failure ends the run and is told', async () => {
    const { run } = start({
      targets: targets(5),
      look: async () => {
        throw new TypeError('a fault of ours');
      },
    });
    await expect(run.ended).rejects.toThrow('a fault of ours');
  });

  it('a target that a closing gate turned away is looked at when it opens, and is not taken for excluded', async () => {
    let at = 0;
    const gate = createGate(() => at);
    gate.confirm(new AddressSetBuilder().add(parseRange('127.0.0.3')).build());
    const turnedAway: string[] = [];
    const { run } = start({
      targets: targets(5),
      gate,
      look: async (target) => {
        if (turnedAway.length === 0 && target.address === '127.0.0.1') {
          turnedAway.push(target.address);
          at += 5_000;
          setImmediate(() => gate.confirm());
          return seen(target, 'excluded');
        }
        return seen(target, gate.excludes(target.address) ? 'excluded' : 'connection-refused');
      },
    });
    const end = await run.ended;
    expect(turnedAway).toEqual(['127.0.0.1']);
    expect(end?.summary.outcomes).toEqual({ 'connection-refused': 4, excluded: 1 });
  });

  it('that is stopped looks at nothing more, sends nothing more and has no end', async () => {
    let looked = 0;
    const { run, stop, batches } = start({
      targets: targets(1000),
      rate: rateOf(50),
      look: async (target) => {
        looked += 1;
        if (looked === 3) stop.abort();
        return seen(target, 'answered');
      },
    });
    expect(await run.ended).toBeUndefined();
    expect(looked).toBe(3);
    expect(batches).toEqual([]);
  });

  it('looks at canaries between its targets, counts them apart and sends nothing of them', async () => {
    const canaries = targets(3).map((target) => ({ ...target, address: `127.9.9.${target.address.at(-1)}` }));
    const order: string[] = [];
    const { run, lines } = start({
      targets: targets(50),
      canaries,
      slots: createSlots(1),
      look: async (target) => {
        order.push(target.address);
        return seen(target, target.address === '127.9.9.1' ? 'connection-timeout' : 'answered');
      },
    });
    const end = await run.ended;
    expect(end?.summary).toMatchObject({ targets: 50, outcomes: { answered: 50 }, canaries: { looked: 3, found: 2 } });
    expect(lines().filter(({ address }) => address.startsWith('127.9'))).toEqual([]);
    expect(order).toHaveLength(53);
    expect(order.at(-1)).toMatch(/^127\.0/);
  });

  it('dials one in a thousand of those that answered once more, never one that was dialled twice', async () => {
    const dialled = new Map<string, number>();
    const answers = (target: RevisitTarget) => Number(target.address.split('.')[3]) % 2 === 0;
    const { run } = start({
      targets: targets(2000),
      targetCount: 2000,
      look: async (target, secondLook) => {
        dialled.set(target.address, (dialled.get(target.address) ?? 0) + 1);
        if (secondLook !== undefined) return seen(target, 'connection-timeout');
        if (!answers(target)) return seen(target, 'connection-timeout');
        const isFallback = target.address.endsWith('.0');
        return {
          ...seen(target, 'not-component'),
          connectMs: 3,
          ...(isFallback && { secondConnection: 'fallback' as const }),
        };
      },
      random: () => 0.0009,
    });
    const end = await run.ended;
    const { lossSample, secondConnections, targets: counted, connects } = end?.summary ?? emptyShardSummary();
    expect(counted).toBe(2000);
    expect(connects).toEqual({ first: 1000, second: 0, later: 0 });
    expect(lossSample).toEqual({ dialled: 992, lost: 992 });
    expect(secondConnections).toEqual({ fallback: 8, 'loss-sample': 992, 'worker-death': 0 });
    expect(Math.max(...dialled.values())).toBe(2);
  });

  it('tells connects of the first SYN from those of the second', async () => {
    const times = [0, 1, 989, 990, 1000, 1300, 1989, 1990, 3004];
    const { run } = start({
      targets: targets(times.length),
      random: () => 0.5,
      look: async (target) => ({
        ...seen(target, 'not-component'),
        connectMs: times[Number(target.address.at(-1))] ?? 0,
      }),
    });
    expect((await run.ended)?.summary.connects).toEqual({ first: 3, second: 4, later: 2 });
  });

  it('lets the targets of other prefixes go ahead of one that has its cap', async () => {
    const pacer = createPrefixPacer(() => undefined);
    pacer.setPerSecond(1);
    const order: string[] = [];
    const mixed = [0, 1, 2].map((n) => ({ ...targets(1)[0], address: `127.7.0.${n}` }) as RevisitTarget);
    const others = targets(30).map((target, n) => ({ ...target, address: `127.8.${n}.1` }));
    const { run } = start({
      targets: [...mixed, ...others],
      pacer,
      slots: createSlots(1),
      look: async (target) => {
        order.push(target.address);
        return seen(target, 'connection-refused');
      },
    });
    await run.ended;
    expect(order[0]).toBe('127.7.0.0');
    expect(order.slice(-2)).toEqual(['127.7.0.1', '127.7.0.2']);
  });
});
