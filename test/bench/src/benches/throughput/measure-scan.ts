import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { LabTargets } from '@kubecensus/lab';
import { planScan } from '@kubecensus/seeder';
import { AddressSetBuilder, parseRange, Scope } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import { endProcess } from '../../measure/end-process.ts';
import { openBenchStore } from '../../measure/open-bench-store.ts';
import { type BenchRedis, startBenchRedis } from '../../measure/redis-server.ts';
import { cpuOfProcess } from '../../measure/run-counted.ts';
import { cpuOfTree, postmasterOf } from '../../measure/server-processes.ts';
import { startService } from '../../measure/service-process.ts';

export interface ScanCost {
  readonly targets: number;
  readonly found: number;
  readonly seconds: number;
  /** Seconds of CPU of each kind of process. */
  readonly cpu: Readonly<Record<'prober' | 'indexer' | 'seeder' | 'postgres' | 'redis', number>>;
  /** Both ways; undefined where the queue lies in PostgreSQL. */
  readonly redisBytes: number | undefined;
}

/** Between two looks whether a scan is closed. */
const LOOK_MS = 100;
/** Targets of the scan that goes before, so that no process is measured while it starts. */
const WARM_UP_TARGETS = 4_000;

/** A census of the lab by services that run apart, on a store and a queue of their own. */
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
    await runScan(store, targets, probers, WARM_UP_TARGETS);
    const postmaster = await postmasterOf(store);
    const read = () => readCost(services, postmaster, redis);
    const before = await read();
    const begin = performance.now();
    const { scanId, size } = await runScan(store, targets, probers);
    const seconds = (performance.now() - begin) / 1000;
    const after = await read();
    const cpu = { ...after.cpu };
    for (const name of Object.keys(cpu) as (keyof typeof cpu)[]) cpu[name] -= before.cpu[name];
    const { rows } = await store
      .pool()
      .query<{ found: number }>('SELECT count(*)::integer AS found FROM observations WHERE scan_id = $1', [scanId]);
    return {
      targets: size,
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
  return {
    redisBytes: (await redis?.traffic()) ?? 0,
    cpu: {
      prober: of(services.prober),
      indexer: of(services.indexer),
      seeder: of(services.seeder),
      postgres: cpuOfTree(postmaster),
      redis: redis === undefined ? 0 : cpuOfProcess(redis.pid),
    },
  };
}

/** Plans a scan of the targets, or of so many of them, and waits until it is closed. */
async function runScan(
  store: Database,
  { ranges, ports }: LabTargets,
  probers: number,
  atMost = Number.POSITIVE_INFINITY,
): Promise<{ scanId: string; size: number }> {
  const addresses = new AddressSetBuilder();
  for (const text of ranges) {
    const range = parseRange(text);
    const last = Math.min(Number(range.last), Number(range.first) + atMost / ports.length - 1);
    addresses.addIpv4(Number(range.first), last);
    if (atMost !== Number.POSITIVE_INFINITY) break;
  }
  const scope = Scope.of([{ ports: [...ports], addresses: addresses.build() }]);
  const { scanId } = await planScan(store.pool('writer'), {
    kind: 'census',
    targets: scope,
    rate: 1_000_000,
    probers,
    method: { version: 'bench', thorough: false },
  });
  for (;;) {
    const { rows } = await store
      .pool()
      .query<{ state: string }>('SELECT state FROM scans WHERE scan_id = $1', [scanId]);
    if (rows[0]?.state === 'completed') return { scanId, size: scope.size };
    await pause(LOOK_MS);
  }
}
