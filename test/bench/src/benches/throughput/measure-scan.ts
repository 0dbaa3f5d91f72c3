import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { LabTargets } from '@kubecensus/lab';
import { planScan } from '@kubecensus/seeder';
import { type AddressSet, AddressSetBuilder, parseRange, Scope } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import { endProcess } from '../../measure/end-process.ts';
import { openBenchStore } from '../../measure/open-bench-store.ts';
import { type BenchRedis, startBenchRedis } from '../../measure/redis-server.ts';
import { cpuOfFirstThread, cpuOfProcess } from '../../measure/run-counted.ts';
import { cpuOfTree, postmasterOf } from '../../measure/server-processes.ts';
import { startService } from '../../measure/service-process.ts';

export interface ScanCost {
  readonly targets: number;
  readonly found: number;
  readonly seconds: number;
  /** Seconds of CPU. A prober's first thread, which keeps its leases and talks to the queue and the store, is `leasing`. */
  readonly cpu: Readonly<Record<'probing' | 'leasing' | 'indexer' | 'seeder' | 'postgres' | 'redis', number>>;
  /** Both ways; undefined where the queue lies in PostgreSQL. */
  readonly redisBytes: number | undefined;
}

/** Between two looks whether a scan is closed. */
const LOOK_MS = 100;

/**
 * A census of half a lab by services that run apart, on a store and a queue of their own. They have scanned the other
 * half before: none is measured while it starts or compiles, and all that is found is new to the record.
 */
export async function measureScan(
  directory: string,
  targets: LabTargets,
  kind: 'postgres' | 'redis',
  probers: number,
): Promise<ScanCost> {
  mkdirSync(directory, { mode: 0o711 });
  const store = await openBenchStore(directory);
  const redis = kind === 'redis' ? await startBenchRedis(directory) : undefined;
  const common = redis === undefined ? {} : { REDIS_URL: redis.url };
  const writer = { DATABASE_URL: store.url('writer'), ...common };
  const services = {
    seeder: [startService('seeder', writer)],
    indexer: [startService('indexer', { ...writer, INDEXER_REVISIT_DELAY_MS: '0' })],
    prober: Array.from({ length: probers }, () =>
      startService('prober', { DATABASE_URL: store.url('prober'), ...common }),
    ),
  };
  try {
    const [known, unknown] = toHalves(targets);
    await runScan(store, known, probers);
    const postmaster = await postmasterOf(store);
    const read = () => readCost(services, postmaster, redis);
    const before = await read();
    const begin = performance.now();
    const scanId = await runScan(store, unknown, probers);
    const seconds = (performance.now() - begin) / 1000;
    const after = await read();
    const cpu = { ...after.cpu };
    for (const name of Object.keys(cpu) as (keyof typeof cpu)[]) cpu[name] -= before.cpu[name];
    const { rows } = await store
      .pool()
      .query<{ found: number }>('SELECT count(*)::integer AS found FROM observations WHERE scan_id = $1', [scanId]);
    return {
      targets: unknown.size,
      found: rows[0]?.found ?? 0,
      seconds,
      cpu,
      redisBytes: redis === undefined ? undefined : after.redisBytes - before.redisBytes,
    };
  } finally {
    await Promise.all([...services.prober, ...services.indexer, ...services.seeder].map((child) => endProcess(child)));
    await redis?.close();
    await store.close();
  }
}

async function readCost(
  services: Readonly<Record<'seeder' | 'indexer' | 'prober', readonly ChildProcess[]>>,
  postmaster: number,
  redis: BenchRedis | undefined,
): Promise<{ cpu: ScanCost['cpu']; redisBytes: number }> {
  const of = (children: readonly ChildProcess[]) =>
    children.reduce((sum, { pid }) => sum + cpuOfProcess(pid ?? Number.NaN), 0);
  const leasing = services.prober.reduce((sum, { pid }) => sum + cpuOfFirstThread(pid ?? Number.NaN), 0);
  return {
    redisBytes: (await redis?.traffic()) ?? 0,
    cpu: {
      probing: of(services.prober) - leasing,
      leasing,
      indexer: of(services.indexer),
      seeder: of(services.seeder),
      postgres: cpuOfTree(postmaster),
      redis: redis === undefined ? 0 : cpuOfProcess(redis.pid),
    },
  };
}

/** Halves by address, each of as many hosts; of a lab that has one address only, by port. */
function toHalves({ ranges, ports }: LabTargets): [Scope, Scope] {
  const halves = [new AddressSetBuilder(), new AddressSetBuilder()] as const;
  for (const text of ranges) {
    const range = parseRange(text);
    const [first, last] = [Number(range.first), Number(range.last)];
    const middle = Math.floor((first + last) / 2);
    halves[0].addIpv4(first, middle);
    if (middle < last) halves[1].addIpv4(middle + 1, last);
  }
  const [low, high] = halves.map((half) => half.build()) as [AddressSet, AddressSet];
  if (high.size > 0)
    return [Scope.of([{ ports: [...ports], addresses: low }]), Scope.of([{ ports: [...ports], addresses: high }])];
  const portsOf = (rest: number) => ports.filter((_, nth) => nth % 2 === rest);
  return [Scope.of([{ ports: portsOf(0), addresses: low }]), Scope.of([{ ports: portsOf(1), addresses: low }])];
}

/** Plans a scan and waits until it is closed. */
async function runScan(store: Database, targets: Scope, probers: number): Promise<string> {
  const { scanId } = await planScan(store.pool('writer'), {
    kind: 'census',
    targets,
    rate: 1_000_000,
    probers,
    method: { version: 'bench', thorough: false },
  });
  for (;;) {
    const { rows } = await store
      .pool()
      .query<{ state: string }>('SELECT state FROM scans WHERE scan_id = $1', [scanId]);
    if (rows[0]?.state === 'completed') return scanId;
    await pause(LOOK_MS);
  }
}
