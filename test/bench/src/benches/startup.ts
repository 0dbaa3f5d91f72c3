import { defineBench } from '../define-bench.ts';
import { KUBECENSUS_COMMAND } from '../measure/kubecensus-command.ts';
import { median } from '../measure/median.ts';
import { runCounted } from '../measure/run-counted.ts';

const RUNS = 7;

/** What every call of the command costs before it does anything, beside a Node that does nothing. */
export default defineBench({
  about: 'CPU of `kubecensus --help`, beside an empty Node process',
  settings: { runs: `how often each is run (${RUNS})` },
  async *run({ number, signal }) {
    const ours: number[] = [];
    const empty: number[] = [];
    for (let run = 0; run < number('runs', RUNS); run += 1) {
      empty.push((await runCounted(process.execPath, ['--eval', ''], { signal })).cpu * 1000);
      ours.push((await runCounted(process.execPath, [KUBECENSUS_COMMAND, '--help'], { signal })).cpu * 1000);
    }
    const reference = { name: 'empty Node process', value: median(empty) };
    const value = median(ours);
    yield { name: 'startup/help', value, unit: 'ms of CPU', reference, ratio: value / reference.value, runs: ours };
  },
});
