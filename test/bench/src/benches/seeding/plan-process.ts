import { writeFileSync } from 'node:fs';
import { planScan, readSources } from '@kubecensus/seeder';
import { type Address, type AddressSet, fileInput, Scope } from '@kubecensus/shared/addresses';
import { createPool } from '@kubecensus/shared/database';
import { memoryOfProcess } from '../../measure/memory.ts';
import type { PlanResult, PlanTask } from './plan-messages.ts';

const LOOK_UPS = 1_000_000;
/** Different addresses that are looked up in turn. */
const SAMPLE = 1000;

const task = JSON.parse(process.argv[2] ?? '') as PlanTask;
const pool = createPool(task.databaseUrl, { max: 2 });
await pool.query('SELECT');
// The peak counts from here on (proc(5), clear_refs).
writeFileSync('/proc/self/clear_refs', '5');
const idle = memoryOfProcess(process.pid).resident;
const cpuBefore = process.cpuUsage();
const begin = performance.now();

const { selection } = await readSources(
  'file' in task.targets ? { inputs: [fileInput(task.targets.file)] } : { values: task.targets.words },
);
const targets = Scope.of([{ ports: task.ports, addresses: selection.addresses }]);
const { scanId } = await planScan(pool, {
  kind: 'census',
  targets,
  rate: 1_000_000,
  probers: 8,
  purpose: 'benchmark: planned, and never run',
  operator: { url: 'https://scan.kubecensus.dev/', mail: 'abuse@kubecensus.dev' },
  method: { version: 'benchmark', thorough: false },
});

const wall = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
const peakBytes = memoryOfProcess(process.pid).peak - idle;
const { rows } = await pool.query<{ target_count: number; shard_count: number }>(
  'UPDATE scans SET state = $2, completed_at = now() WHERE scan_id = $1 RETURNING target_count, shard_count',
  [scanId, 'aborted'],
);
await pool.end();
const result: PlanResult = {
  wall,
  cpu: (user + system) / 1e6,
  peakBytes,
  targetCount: Number(rows[0]?.target_count),
  shardCount: Number(rows[0]?.shard_count),
  lookUpsPerCpuSecond: measureLookUps(targets.space.addresses()),
};
process.stdout.write(`${JSON.stringify(result)}\n`);

function measureLookUps(set: AddressSet): number {
  const size = Number(set.size);
  const sample = Array.from({ length: SAMPLE }, (_, nth): Address => {
    const inside = set.nth(Math.floor((nth / SAMPLE) * size));
    if (nth % 2 === 0) return inside;
    return inside.family === 4
      ? { family: 4, value: inside.value ^ 0x8000_0000 }
      : { family: 6, value: inside.value ^ (1n << 100n) };
  });
  const before = process.cpuUsage();
  let found = 0;
  for (let nth = 0; nth < LOOK_UPS; nth += 1) if (set.contains(sample[nth % SAMPLE] as Address)) found += 1;
  const { user: used } = process.cpuUsage(before);
  if (found < LOOK_UPS / 2) throw new RangeError(`${found} of ${LOOK_UPS} look-ups found, and half of them are inside`);
  return LOOK_UPS / (used / 1e6);
}
