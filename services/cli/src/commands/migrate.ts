import { readCliConfig } from '../config.ts';
import { openOwnStore } from '../runtime/open-store.ts';
import type { DefineCommand } from './define-command.ts';

export const defineMigrate: DefineCommand = (command, terminal) => {
  command
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .action(async ({ dataDir }: { dataDir?: string }) => {
      const config = readCliConfig();
      const store = await openOwnStore({ ...config, dataDir: dataDir ?? config.dataDir }, (line) =>
        terminal.stderr.write(`kubecensus: ${line}\n`),
      );
      await store.close();
      terminal.stderr.write('kubecensus: the store is up to date\n');
    });
};
