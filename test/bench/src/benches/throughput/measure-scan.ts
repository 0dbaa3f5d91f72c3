import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { LabProcess } from '@kubecensus/lab';
import { planScan } from '@kubecensus/seeder';
import { AddressSetBuilder, parseAddress, parseRange, rangeSize, Scope } from '@kubecensus/shared/addresses';
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

/** Between two looks whether a scan is closed; each is a statement that the store is charged with. */
const LOOK_MS = 250;
/** Of twelve parts of a lab: what the small census and what the large one looks at. The rest is there to warm up by. */
const PARTS = 12;
const SMALL_PARTS = 1;
const LARGE_PARTS = 3;

/**
 * Two censuses of a lab by services that run apart, on a store and a queue of their own, and what the large one costs
 * above the small one: what any census costs, however small, is in neither. Before them everybody has worked on what
 * answers in two thirds of the lab, and on nothing else of it: a long scan's findings come from compiled code, and
 * those of the first few thousand targets do not. All that the two find is new to the record.
 */
export async function measureScan(
  directory: string,
  lab: LabProcess,
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
    const { answering, small, large } = await toParts(lab);
    await runScan(store, answering, probers);
    const postmaster = await postmasterOf(store);
    const measure = async (scope: Scope): Promise<ScanCost> => {
      const before = await readCost(services, postmaster, redis);
      const begin = performance.now();
      const scanId = await runScan(store, scope, probers);
      const seconds = (performance.now() - begin) / 1000;
      const after = await readCost(services, postmaster, redis);
      return {
        targets: scope.size,
        found: await countFound(store, scanId),
        seconds,
        cpu: subtract(after.cpu, before.cpu),
        redisBytes: redis === undefined ? undefined : after.redisBytes - before.redisBytes,
      };
    };
    const less = await measure(small);
    const more = await measure(large);
    return {
      targets: more.targets - less.targets,
      found: more.found - less.found,
      seconds: more.seconds - less.seconds,
      cpu: subtract(more.cpu, less.cpu),
      redisBytes:
        more.redisBytes === undefined || less.redisBytes === undefined ? undefined : more.redisBytes - less.redisBytes,
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

function subtract(more: ScanCost['cpu'], less: ScanCost['cpu']): ScanCost['cpu'] {
  const difference = { ...more };
  for (const kind of Object.keys(difference) as (keyof ScanCost['cpu'])[]) difference[kind] -= less[kind];
  return difference;
}

async function countFound(store: Database, scanId: string): Promise<number> {
  const { rows } = await store
    .pool()
    .query<{ found: number }>('SELECT count(*)::integer AS found FROM observations WHERE scan_id = $1', [scanId]);
  return rows[0]?.found ?? 0;
}

interface Parts {
  /** Only what answers. */
  readonly answering: Scope;
  readonly small: Scope;
  readonly large: Scope;
}

/** The parts of a lab, by address; of a lab that has one address only, by port. */
async function toParts(lab: LabProcess): Promise<Parts> {
  const { ranges, ports } = lab.targets;
  const parsed = ranges.map(parseRange);
  const isOne = parsed.every((range) => range.first === range.last);
  const whole = parsed.reduce((builder, range) => builder.add(range), new AddressSetBuilder()).build();
  const cut = (from: number, to: number): Scope => {
    if (isOne) {
      const own = ports.filter((_, nth) => nth % PARTS >= from && nth % PARTS < to);
      return Scope.of([{ ports: own, addresses: whole }]);
    }
    const builder = new AddressSetBuilder();
    for (const range of parsed) {
      const at = (parts: number) => Number(range.first) + Math.floor((Number(rangeSize(range)) * parts) / PARTS);
      if (at(to) > at(from)) builder.addIpv4(at(from), at(to) - 1);
    }
    return Scope.of([{ ports: [...ports], addresses: builder.build() }]);
  };
  const rest = cut(SMALL_PARTS + LARGE_PARTS, PARTS);
  const byPort = new Map<number, AddressSetBuilder>();
  for (const { address, port, present } of await lab.truth(1)) {
    const target = { address: parseAddress(address), port };
    if (!present || rest.space.indexOf(target) < 0) continue;
    byPort.set(port, (byPort.get(port) ?? new AddressSetBuilder()).addAddress(target.address));
  }
  return {
    answering: Scope.of([...byPort].map(([port, builder]) => ({ ports: [port], addresses: builder.build() }))),
    small: cut(0, SMALL_PARTS),
    large: cut(SMALL_PARTS, SMALL_PARTS + LARGE_PARTS),
  };
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
