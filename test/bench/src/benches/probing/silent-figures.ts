import { createReadStream } from 'node:fs';
import type { BenchContext, Figure } from '../../define-bench.ts';
import { KUBECENSUS_COMMAND } from '../../measure/kubecensus-command.ts';
import { median } from '../../measure/median.ts';
import { memoryOfProcess } from '../../measure/memory.ts';
import { runCounted } from '../../measure/run-counted.ts';
import { SILENT_PORT, silently } from './silent-space.ts';
import { countLines } from './subject.ts';
import { writeTargetList } from './target-list.ts';

/** Silent connects under way at a time. */
export const SILENT_SOCKETS = 16_000;
/** Times that every socket waits in vain in the longer run, so that starting weighs no more than in a scan. */
const WAVES = 4;
/** The default of `kubecensus probe`. */
const CONNECT_TIMEOUT_SECONDS = 3.5;
const WATCH_MS = 100;

interface SilentRun {
  readonly seconds: number;
  readonly megabytes: number;
}

/** Memory and time of space where nothing ever answers; nothing where this machine cannot make such space. */
export async function* silentFigures(context: BenchContext, rounds: number): AsyncGenerator<Figure> {
  const { number, say, signal, directory } = context;
  const space = silently();
  if (typeof space === 'string') {
    say(`skipped: silent space ${space}`);
    return;
  }
  const sockets = number('sockets', SILENT_SOCKETS);

  async function run(count: number): Promise<SilentRun> {
    const list = writeTargetList(directory, 'silent', silentTargets(count), count);
    let peak = 0;
    let watch: NodeJS.Timeout | undefined;
    const output = `${list.file}.out`;
    const options = ['--rate', '1000000', '--concurrency', String(sockets), '-'];
    const words = wrap(process.execPath, [KUBECENSUS_COMMAND, 'probe', ...options]);
    const { wall } = await runCounted('unshare', words, {
      signal,
      stdin: list.file,
      stdout: output,
      started: (pid) => {
        watch = setInterval(() => {
          peak = Math.max(peak, memoryOfProcess(pid).peak || 0);
        }, WATCH_MS);
      },
    }).finally(() => clearInterval(watch));
    const seen = await countLines(createReadStream(output), '"connection-timeout"');
    if (seen !== count) throw new Error(`${seen} of ${count} silent targets ended as timed out`);
    say(`${count} silent targets: ${wall.toFixed(2)} s, ${(peak / 1e6).toFixed(0)} MB at most`);
    return { seconds: wall, megabytes: peak / 1e6 };
  }

  const { wrap } = space;
  const megabytes: number[] = [];
  for (let round = 0; round < rounds; round += 1) megabytes.push((await run(sockets)).megabytes);
  yield {
    name: 'dead/memory of silent connects',
    value: median(megabytes),
    unit: 'MB',
    runs: megabytes,
    limit: { of: 'value', atMost: 200 },
    note: `peak of the whole process, ${sockets} of them outstanding at once`,
  };
  const long = await run(sockets * WAVES);
  const arithmetic = CONNECT_TIMEOUT_SECONDS * WAVES;
  yield {
    name: 'dead/time of silent space',
    value: long.seconds,
    unit: 's',
    reference: {
      name: `${sockets * WAVES} targets / ${sockets} sockets x ${CONNECT_TIMEOUT_SECONDS} s`,
      value: arithmetic,
    },
    ratio: long.seconds / arithmetic,
    runs: [long.seconds],
    limit: { of: 'ratio', atMost: 1.2 },
    note: `from the start of the command to its end; ${long.megabytes.toFixed(0)} MB at most`,
  };
}

function silentTargets(size: number): string[] {
  return Array.from(
    { length: size },
    (_, index) => `127.${1 + (index >>> 16)}.${(index >>> 8) & 255}.${index & 255}:${SILENT_PORT}`,
  );
}
