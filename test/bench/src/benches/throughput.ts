import path from 'node:path';
import { spawnLab } from '@kubecensus/lab';
import { defineBench, type Figure } from '../define-bench.ts';
import { median } from '../measure/median.ts';
import { measureScan, type ScanCost } from './throughput/measure-scan.ts';

const HOSTS = 9000;
const RUNS = 1;
const PROBERS = [1, 2, 4];
/** Of all CPU: seeder, indexer, servers, and of the probers the thread that talks to them. */
const MAX_SHARE = 0.1;
const MAX_REDIS_BYTES = 100;

/** Services as processes of their own, a store and a queue for each run, all of them and the lab on this machine. */
export default defineBench({
  about:
    'each further target of a census of the lab at 1 % hits, by 1, 2 and 4 prober processes, on both queues: targets/s, CPU by process',
  settings: {
    hosts: `of the lab; 49 targets each, a twelfth of them in the small census and a quarter in the large one (${HOSTS})`,
    runs: `how often each is run (${RUNS})`,
    probers: `only this number of prober processes (${PROBERS.join(', ')})`,
  },
  inBrief: { hosts: 1000, probers: 1 },
  async *run({ directory, number, say, signal }) {
    const only = number('probers', 0);
    const lab = await spawnLab({ hosts: number('hosts', HOSTS), seed: 1 });
    try {
      for (const queue of ['postgres', 'redis'] as const) {
        for (const probers of only === 0 ? PROBERS : [only]) {
          const costs: ScanCost[] = [];
          for (let run = 0; run < number('runs', RUNS) && !signal.aborted; run += 1) {
            say(`queue in ${queue}, ${probers} probers, run ${run + 1}`);
            const own = path.join(directory, `${queue}-${probers}-${run}`);
            costs.push(await measureScan(own, lab, queue, probers));
          }
          if (costs.length > 0) yield* figures(`throughput/${queue}-${probers}`, costs);
        }
      }
    } finally {
      await lab.close();
    }
  },
});

function* figures(name: string, costs: readonly ScanCost[]): Generator<Figure> {
  const rates = costs.map(({ targets, seconds }) => targets / seconds);
  const [{ targets, found }] = costs as [ScanCost];
  yield {
    name: `${name}/rate`,
    value: median(rates),
    unit: 'targets per second',
    runs: rates,
    note: `between censuses that are ${targets.toLocaleString('en')} targets apart, ${found} of them found; the lab shares the machine`,
  };
  const perTenThousand = ({ cpu, targets: all }: ScanCost, kinds: readonly (keyof ScanCost['cpu'])[]) =>
    (kinds.reduce((sum, kind) => sum + cpu[kind], 0) / all) * 1e4 * 1000;
  const rest = ['leasing', 'indexer', 'seeder', 'postgres', 'redis'] as const;
  const kinds = ['probing', ...rest] as const;
  const runs = costs.map((cost) => perTenThousand(cost, rest));
  const value = median(runs);
  const all = median(costs.map((cost) => perTenThousand(cost, kinds)));
  const parts = kinds.map((kind) => `${kind} ${median(costs.map((cost) => perTenThousand(cost, [kind]))).toFixed(0)}`);
  yield {
    name: `${name}/share`,
    value,
    unit: 'ms of CPU in queue and store per 10,000 targets',
    reference: { name: 'of all', value: all },
    ratio: value / all,
    runs,
    limit: { of: 'ratio', atMost: MAX_SHARE },
    note: parts.join(', '),
  };
  const bytes = costs.flatMap(({ redisBytes, targets: all }) => (redisBytes === undefined ? [] : redisBytes / all));
  if (bytes.length === 0) return;
  yield {
    name: `${name}/traffic`,
    value: median(bytes),
    unit: 'bytes to and from Redis per target',
    runs: bytes,
    limit: { of: 'value', atMost: MAX_REDIS_BYTES },
  };
}
