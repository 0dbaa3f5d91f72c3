import {
  addressSetFromBytes,
  createPermutation,
  formatAddress,
  type Permutation,
  Scope,
} from '@kubecensus/shared/addresses';
import { toError } from '@kubecensus/shared/errors';
import { createLeasedRate, type LeasedRate } from '../pacing/leased-rate.ts';
import { createPrefixPacer, type PrefixPacer } from '../pacing/prefix-pacer.ts';
import { createProbe, type Probe } from '../probe-target.ts';
import { componentOfPort } from './component-of-port.ts';
import { createGate } from './gate.ts';
import { type ShardRun, startShardRun } from './shard-run.ts';
import { MAX_LAG_MS } from './shard-tally.ts';
import { createSlots } from './slots.ts';
import type { FromThread, RevisitTarget, RunOrder, ScanToProbe, ToThread } from './thread-messages.ts';

/** How often this thread looks whether it still keeps up. */
const PULSE_MS = 100;
/** How often a run tells how far it has come. */
const PROGRESS_MS = 1_000;

interface OpenScan {
  readonly scope: Scope;
  readonly permutation: Permutation | undefined;
  readonly probe: Probe;
  readonly rate: LeasedRate;
  readonly pacer: PrefixPacer;
}

export interface EngineOptions {
  /** Targets under way at a time, of all runs together. */
  readonly concurrency: number;
  post(message: FromThread): void;
}

export interface Engine {
  take(message: ToThread): void;
}

/** What the probing thread does: it holds the scans, the one gate and the slots, and runs shards as it is told. */
export function createEngine({ concurrency, post }: EngineOptions): Engine {
  const gate = createGate();
  const slots = createSlots(concurrency);
  const scans = new Map<string, OpenScan>();
  const runs = new Map<number, { run: ShardRun; stop: AbortController }>();
  const warn = (line: string) => post({ kind: 'warning', line });

  // A machine that cannot keep up hears answers late. Fewer targets at a time is then the faster way, and the honest one.
  let pulsedAt = performance.now();
  const pulse = setInterval(() => {
    const lagMs = performance.now() - pulsedAt - PULSE_MS;
    pulsedAt += lagMs + PULSE_MS;
    for (const { run } of runs.values()) run.pulsed(lagMs + PULSE_MS, lagMs);
    if (lagMs > MAX_LAG_MS && runs.size > 0) slots.shrink();
  }, PULSE_MS);

  function openScan(scan: ScanToProbe): void {
    if (scans.has(scan.scanId)) return;
    const scope = scan.scope.length === 0 ? Scope.of([]) : Scope.fromBytes(scan.scope);
    const { operator, version, thorough, connectTimeoutMs, firstFlightTimeoutMs, answerTimeoutMs, targetTimeoutMs } =
      scan;
    scans.set(scan.scanId, {
      scope,
      permutation: scope.size === 0 ? undefined : createPermutation(scope.size, scan.permutationKey),
      probe: createProbe({
        operator,
        version,
        thorough,
        provePossession: true,
        ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
        ...(firstFlightTimeoutMs !== undefined && { firstFlightTimeoutMs }),
        ...(answerTimeoutMs !== undefined && { answerTimeoutMs }),
        ...(targetTimeoutMs !== undefined && { targetTimeoutMs }),
        reportFault: (error, { address, port }) => warn(`a fault of ours at ${address} port ${port}: ${error.message}`),
        mayConnect: (address) => gate.isOpen() && !gate.excludes(address),
      }),
      rate: createLeasedRate(),
      pacer: createPrefixPacer(warn),
    });
  }

  function findScan(scanId: string): OpenScan {
    const scan = scans.get(scanId);
    if (scan === undefined) throw new TypeError(`scan ${scanId} was not opened in the probing thread`);
    return scan;
  }

  function startRun(order: RunOrder): void {
    const scan = findScan(order.scanId);
    const stop = new AbortController();
    const run = startShardRun({
      targets: 'startInclusive' in order.targets ? targetsOf(scan, order.targets) : order.targets,
      canaries: order.canaries,
      targetCount:
        'startInclusive' in order.targets
          ? order.targets.endExclusive - order.targets.startInclusive
          : order.targets.length,
      isRepeat: order.isRepeat,
      recordsAll: order.recordsAll,
      slots,
      gate,
      rate: scan.rate,
      pacer: scan.pacer,
      look: ({ address, port, component }, secondLook) => scan.probe.probe({ address, port }, component, secondLook),
      fed: () => post({ kind: 'fed', run: order.run }),
      send: (batchNumber, observations) => post({ kind: 'batch', run: order.run, batchNumber, observations }),
      warn,
      signal: stop.signal,
    });
    runs.set(order.run, { run, stop });
    const timer = setInterval(() => post({ kind: 'progress', run: order.run, summary: run.summary() }), PROGRESS_MS);
    run.ended
      .then(
        (end) => {
          if (end !== undefined) post({ kind: 'finished', run: order.run, ...end });
        },
        (caught) => post({ kind: 'failed', run: order.run, reason: toError(caught).message }),
      )
      .finally(() => {
        clearInterval(timer);
        runs.delete(order.run);
      });
  }

  async function close(): Promise<void> {
    clearInterval(pulse);
    for (const { stop } of runs.values()) stop.abort();
    await Promise.all([...scans.values()].map(({ probe }) => probe.close()));
    scans.clear();
    post({ kind: 'closed' });
  }

  return {
    take(message) {
      switch (message.kind) {
        case 'open-scan':
          return openScan(message.scan);
        case 'close-scan': {
          const closing = scans.get(message.scanId)?.probe.close();
          scans.delete(message.scanId);
          closing?.catch((caught: unknown) => warn(`closing a scan's probe failed: ${toError(caught).message}`));
          return;
        }
        case 'rate': {
          const scan = scans.get(message.scanId);
          scan?.rate.lease(message.perSecond, message.forMs);
          scan?.pacer.setPerSecond(message.prefixPerSecond);
          return;
        }
        case 'run':
          return startRun(message.order);
        case 'stop':
          return runs.get(message.run)?.stop.abort();
        case 'batch-stored':
          return runs.get(message.run)?.run.batchStored();
        case 'gate':
          gate.confirm(message.exclusions === undefined ? undefined : addressSetFromBytes(message.exclusions));
          if (message.exclusions !== undefined) for (const { probe } of scans.values()) probe.recheck();
          return;
        case 'close':
          void close();
          return;
      }
    },
  };
}

function* targetsOf(
  { scope, permutation }: OpenScan,
  { startInclusive, endExclusive }: { startInclusive: number; endExclusive: number },
): Generator<RevisitTarget> {
  if (permutation === undefined) return;
  for (let position = startInclusive; position < endExclusive; position += 1) {
    const { address, port } = scope.space.targetAt(permutation.forward(position));
    yield { address: formatAddress(address), port, component: componentOfPort(port) };
  }
}
