import { refoldSeries } from '@kubecensus/indexer';
import { readCliConfig } from '../config.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toSafeText } from '../output/safe-text.ts';
import { openFilledStore } from '../runtime/open-store.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type RebuildOptions = { series?: string; dataDir?: string; json: boolean };

const EXAMPLES = `
Examples:
  kubecensus clusters rebuild
  kubecensus clusters rebuild --series weekly && kubecensus history rebuild --series weekly --because 'other marks'

Clusters are folded when a census is closed. They are derived from what is stored: folded again in the order of the
censuses, the same evidence gives the same clusters. Count them with: kubecensus count --unit cluster`;

export const defineClusters: DefineCommand = (command, terminal) => {
  const clusters = command.addHelpText('after', EXAMPLES);

  clusters
    .command('rebuild')
    .description('fold all censuses again from stored evidence, in their order; nothing is sent')
    .option('--series <name>', 'one series; all of them unless told')
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'the summary as one JSON object', false)
    .addHelpText('after', EXAMPLES)
    .action(async ({ series, dataDir, json }: RebuildOptions) => {
      const config = readCliConfig();
      const store = await openFilledStore({ ...config, dataDir: dataDir ?? config.dataDir });
      try {
        const refolded = await refoldSeries(store.pool('writer'), series);
        const lines = refolded.map(
          (one) => `series ${toSafeText(one.series)}: ${one.censuses} censuses folded again\n`,
        );
        await write(terminal.stdout, json ? toJsonLine({ refolded }) : lines.join('') || 'there is no census yet\n');
      } finally {
        await store.close();
      }
    });
};
