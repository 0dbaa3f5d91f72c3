import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from '@kubecensus/shared/database';
import { defineBench, type Figure } from '../define-bench.ts';
import { median } from '../measure/median.ts';
import { openBenchStore } from '../measure/open-bench-store.ts';
import { runCounted } from '../measure/run-counted.ts';
import { cpuOfTree, postmasterOf } from '../measure/server-processes.ts';
import type { PlanResult, PlanTask } from './seeding/plan-messages.ts';
import { writePrefixes } from './seeding/write-prefixes.ts';

const PREFIXES = 1_000_000;
const RUNS = 3;
const MAX_SECONDS = 2;
const MAX_BYTES = 60e6;
const MIN_LOOK_UPS = 1e6;
const PLAN_PROCESS = fileURLToPath(new URL('./seeding/plan-process.js', import.meta.url));

/** Each case in a process of its own, from reading the targets to the scan's row, its scope and first shards in PostgreSQL. */
export default defineBench({
  about: 'planning all of IPv4, and a million prefixes of each family: CPU, memory, membership',
  settings: { prefixes: `of each family (${PREFIXES})`, runs: `how often each is planned (${RUNS})` },
  inBrief: { prefixes: 200_000, runs: 1 },
  async *run({ directory, number, say, signal }) {
    const prefixes = number('prefixes', PREFIXES);
    const files = [4, 6].map((family) => path.join(directory, `v${family}.txt`)) as [string, string];
    await writePrefixes(files[0], 4, prefixes);
    await writePrefixes(files[1], 6, prefixes);
    const ports = [443, 6443];
    const store = await openBenchStore(directory);
    try {
      const cases: [name: string, task: Pick<PlanTask, 'targets' | 'ports'>][] = [
        ['all-ipv4', { targets: { words: ['0.0.0.0/0'] }, ports }],
        ['ipv4-prefixes', { targets: { file: files[0] }, ports }],
        ['ipv6-prefixes', { targets: { file: files[1] }, ports }],
      ];
      for (const [name, task] of cases) {
        const plans: (PlanResult & { server: number })[] = [];
        for (let run = 0; run < number('runs', RUNS) && !signal.aborted; run += 1) {
          say(`${name}, run ${run + 1}`);
          plans.push(await plan(store, task));
        }
        yield* figures(name, plans);
      }
    } finally {
      await store.close();
    }
  },
});

/** The scope is forgotten before, so that each run stores it. */
async function plan(
  store: Database,
  task: Pick<PlanTask, 'targets' | 'ports'>,
): Promise<PlanResult & { server: number }> {
  await store.pool().query('TRUNCATE scans, scan_scopes, series CASCADE');
  const postmaster = await postmasterOf(store);
  const before = cpuOfTree(postmaster);
  const whole: PlanTask = { databaseUrl: store.url('writer'), ...task };
  let text = '';
  const { exitCode } = await runCounted(process.execPath, [PLAN_PROCESS, JSON.stringify(whole)], {
    stdout: (stdout) => {
      stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
    },
  });
  if (exitCode !== 0) throw new Error(`the planning process ended with ${exitCode}; its words are above`);
  return { ...(JSON.parse(text) as PlanResult), server: cpuOfTree(postmaster) - before };
}

function* figures(name: string, plans: readonly (PlanResult & { server: number })[]): Generator<Figure> {
  const [first] = plans;
  if (first === undefined) return;
  const of = (read: (plan: PlanResult & { server: number }) => number) => {
    const runs = plans.map(read);
    return { value: median(runs), runs };
  };
  const list = (read: (plan: PlanResult & { server: number }) => number) =>
    plans.map((plan) => read(plan).toFixed(2)).join(', ');
  const size = `${first.targetCount.toLocaleString('en')} targets, ${first.shardCount.toLocaleString('en')} shards`;
  yield {
    name: `seeding/${name}/cpu`,
    ...of(({ cpu, server }) => cpu + server),
    unit: 's of CPU, server included',
    limit: { of: 'value', atMost: MAX_SECONDS },
    note: `${size}; server ${list(({ server }) => server)}; ${list(({ wall }) => wall)} s by the clock`,
  };
  yield {
    name: `seeding/${name}/memory`,
    ...of(({ peakBytes }) => peakBytes / 1e6),
    unit: 'MB above the idle process',
    limit: { of: 'value', atMost: MAX_BYTES / 1e6 },
  };
  yield {
    name: `seeding/${name}/membership`,
    ...of(({ lookUpsPerCpuSecond }) => lookUpsPerCpuSecond),
    unit: 'look-ups per second of CPU',
    limit: { of: 'value', atLeast: MIN_LOOK_UPS },
  };
}
