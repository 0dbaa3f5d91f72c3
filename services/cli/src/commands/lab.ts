import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { spawnLab, toTruthLines } from '@kubecensus/lab';
import { KubecensusError, toError } from '@kubecensus/shared/errors';
import { createStopSignal } from '@kubecensus/shared/lifecycle';
import { wholeNumber } from '../options.ts';
import { toJsonLine } from '../output/json-line.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = {
  hosts: number;
  seed: number;
  week: number;
  copies: boolean;
  components: boolean;
  evil: number;
  truth: string;
  json: boolean;
};

const EXAMPLES = `
Examples:
  kubecensus lab --hosts 200 --seed 7
  kubecensus lab --week 3 --truth week3.jsonl

It prints what a scan must cover to find all of it, and plays its hosts until Ctrl-C. The truth file has one JSON object
per endpoint: what an honest observer can say of it.`;

export const defineLab: DefineCommand = (command, terminal) => {
  command
    .option('--hosts <n>', 'addresses at which something listens', wholeNumber(1, 8000), 200)
    .option('--seed <n>', 'the same seed gives the same lab', wholeNumber(0, 2 ** 31), 1)
    .option('--week <n>', 'the lab changes from week to week', wholeNumber(1, 104), 1)
    .option('--copies', 'add clones of one image, and prefixes that mirror one server', false)
    .option('--components', 'play kubelets, etcd, controllers and kube-proxy too', false)
    .option('--evil <n>', 'hostile hosts beside the honest ones, of every kind in turn', wholeNumber(0, 1000), 0)
    .option('--truth <file>', 'where the truth is written', 'lab-truth.jsonl')
    .option('--json', 'the targets as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async ({ truth, json, week, evil, ...options }: Options) => {
      const stop = createStopSignal();
      const lab = await spawnLab({ ...options, week, evils: evil });
      try {
        await writeTruth(truth, toTruthLines(await lab.truth(week)));
        const { ranges, ports, componentPorts } = lab.targets;
        const file = path.resolve(truth);
        const scan = `kubecensus scan --targets ${ranges.join(' ')} --ports ${[...ports, ...componentPorts].join(',')}`;
        await write(
          terminal.stdout,
          json ? toJsonLine({ week, ranges, ports, componentPorts, truth: file }) : `${scan}\n`,
        );
        terminal.stderr.write(`kubecensus: lab of ${options.hosts} hosts, truth in ${file}; Ctrl-C ends it\n`);
        if (!stop.signal.aborted) await once(stop.signal, 'abort');
      } finally {
        await lab.close();
        stop.close();
      }
    });
};

async function writeTruth(file: string, lines: Parameters<typeof writeFile>[1]): Promise<void> {
  try {
    await writeFile(file, lines);
  } catch (cause) {
    throw new KubecensusError(
      'LAB_TRUTH_UNWRITABLE',
      `the lab's truth cannot be written to ${file} (${toError(cause).message}); name another file with --truth`,
      { cause },
    );
  }
}
