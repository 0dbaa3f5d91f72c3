import { once } from 'node:events';
import { createStopSignal } from '@kubecensus/shared/lifecycle';
import { readCliConfig } from '../config.ts';
import { wholeNumber } from '../options.ts';
import { createCommandLogger } from '../output/person-log.ts';
import { openOneMachine } from '../runtime/one-machine.ts';
import type { DefineCommand } from './define-command.ts';

type Options = { probers?: number; revisitDelay?: number; dataDir?: string };

const EXAMPLES = `
Examples:
  kubecensus up
  kubecensus up --probers 2 --data-dir /srv/kubecensus

While it runs, kubecensus scan, check, exclude and all questions, with the same data directory, use its store and its
services. Without scans it waits; scans that were under way go on.`;

export const defineUp: DefineCommand = (command, terminal) => {
  command
    .option('--probers <n>', 'prober processes; one per core unless told', wholeNumber(1, 64))
    .option('--revisit-delay <seconds>', 'before what a census missed is looked at again', wholeNumber(0, 172_800))
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .addHelpText('after', EXAMPLES)
    .action(async ({ probers, revisitDelay, dataDir }: Options) => {
      const settings = readCliConfig();
      const config = { ...settings, dataDir: dataDir ?? settings.dataDir };
      const say = (line: string) => terminal.stderr.write(`kubecensus: ${line}\n`);
      const stop = createStopSignal({
        onDrain: () => say('finishing what is under way; Ctrl-C again quits at once, and open scans go on next time'),
      });
      try {
        const machine = await openOneMachine({
          config,
          log: createCommandLogger(terminal, config.logLevel),
          probers,
          ...(revisitDelay !== undefined && { revisitDelayMs: revisitDelay * 1000 }),
          onWarning: say,
        });
        try {
          const store = config.databaseUrl === undefined ? config.dataDir : 'the database of DATABASE_URL';
          say(`up: seeder, indexer, reporter and ${machine.proberCount} probers on ${store}; Ctrl-C ends it`);
          if (!stop.signal.aborted) await Promise.race([once(stop.signal, 'abort'), machine.probers.failed]);
        } finally {
          await machine.close();
        }
      } finally {
        stop.close();
      }
    });
};
