import { readTouches } from '@kubecensus/seeder';
import { fileInput, formatAddress, parseAddress } from '@kubecensus/shared/addresses';
import { readCliConfig } from '../config.ts';
import { toJsonLine } from '../output/json-line.ts';
import { findInJournal } from '../owners/journal-touches.ts';
import { toTouchesText } from '../owners/touches-text.ts';
import { openFilledStore } from '../runtime/open-store.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = { journal?: string[]; dataDir?: string; json: boolean };

const EXAMPLES = `
Examples:
  kubecensus touches 127.0.0.1
  kubecensus touches 192.0.2.7 --journal probe-2026-11.jsonl --json

It answers "was that you?" from what is stored of scans, shards, revisits, checks and exclusions; the place of an address
in a scan's order follows from the scan's key. contacted: it was dialled between these times. may-have-been: a prober had
it in hand and did not come to the end, or an exclusion began meanwhile. not-contacted: it was excluded all the while.
planned: its turn has not come. Probes without a database are known from their journals alone.`;

export const defineTouches: DefineCommand = (command, terminal) => {
  command
    .argument('<address>', 'one address')
    .option('--journal <file...>', 'journals of kubecensus probe to look through too')
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'one JSON object per touch', false)
    .addHelpText('after', EXAMPLES)
    .action(async (text: string, { journal = [], dataDir, json }: Options) => {
      const address = parseAddress(text);
      const config = readCliConfig();
      const connects = [];
      for (const file of journal) connects.push(...(await findInJournal(fileInput(file), formatAddress(address))));
      const store = await openFilledStore({ ...config, dataDir: dataDir ?? config.dataDir });
      try {
        const touches = await readTouches(store.pool('reader'), address);
        if (json) {
          for (const touch of touches) {
            await write(terminal.stdout, toJsonLine({ address: formatAddress(address), ...touch }));
          }
          for (const connect of connects) await write(terminal.stdout, toJsonLine(connect));
        } else await write(terminal.stdout, toTouchesText(formatAddress(address), touches, connects));
      } finally {
        await store.close();
      }
    });
};
