import path from 'node:path';
import { createStopSignal } from '@kubecensus/shared/lifecycle';
import { readCliConfig } from '../config.ts';
import { toComparisonText } from '../demo/comparison-text.ts';
import { toDevelopmentText } from '../demo/development-text.ts';
import { runDemo, toSeriesName } from '../demo/run-demo.ts';
import { EXIT } from '../exit-codes.ts';
import { wholeNumber } from '../options.ts';
import { toCountText } from '../output/count-text.ts';
import { toJsonLine } from '../output/json-line.ts';
import { createCommandLogger } from '../output/person-log.ts';
import { openOneMachine } from '../runtime/one-machine.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = {
  hosts: number;
  weeks: number;
  seed: number;
  rate: number;
  probers?: number;
  dataDir?: string;
  json: boolean;
};

const EXAMPLES = `
Examples:
  kubecensus demo
  kubecensus demo --hosts 500 --weeks 4 --seed 7

The lab is a small Internet on 127.0.0.0/8; nothing leaves this machine. A demo that was interrupted goes on when it is
started again.`;

export const defineDemo: DefineCommand = (command, terminal, exit) => {
  command
    .option('--hosts <n>', 'hosts of the lab', wholeNumber(1, 8000), 2000)
    .option('--weeks <n>', 'censuses, one a week', wholeNumber(1, 52), 2)
    .option('--seed <n>', 'the same seed gives the same lab', wholeNumber(0, 2 ** 31), 1)
    .option('-r, --rate <n>', 'connects per second, all probers together', wholeNumber(1, 1_000_000), 4_000)
    .option('--probers <n>', 'prober processes; one per core unless told', wholeNumber(1, 64))
    .option('--data-dir <dir>', 'the demo keeps its store in the folder demo of it')
    .option('--json', 'one JSON object per census', false)
    .addHelpText('after', EXAMPLES)
    .action(async ({ probers, dataDir, json, ...options }: Options) => {
      const config = readCliConfig();
      const stop = createStopSignal({
        onDrain: () => terminal.stderr.write('kubecensus: finishing what is under way; Ctrl-C again quits at once\n'),
      });
      try {
        // A store of its own, whatever else is configured: each new demo empties it.
        const where = path.join(dataDir ?? config.dataDir, 'demo');
        const machine = await openOneMachine({
          config: { ...config, dataDir: where, databaseUrl: undefined, redisUrl: undefined },
          log: createCommandLogger(terminal, config.logLevel),
          probers,
          revisitDelayMs: 0,
        });
        try {
          let weeksDone = 0;
          const stage = { machine, dataDir: where, terminal, signal: stop.signal };
          for await (const { week, count, comparison } of runDemo(options, stage)) {
            weeksDone = week;
            const text = `${toCountText(count)}${toComparisonText(comparison)}\n`;
            await write(terminal.stdout, json ? toJsonLine({ week, count, comparison }) : text);
            if (comparison.differences.length > 0) exit(EXIT.failed);
          }
          if (weeksDone < options.weeks) exit(EXIT.incomplete);
          else if (!json) await write(terminal.stdout, await toDevelopmentText(where, toSeriesName(options)));
        } finally {
          await machine.close();
        }
      } finally {
        stop.close();
      }
    });
};
