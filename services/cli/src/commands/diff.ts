import { diffHistory, type Moment, parseQuery } from '@kubecensus/shared/history';
import { readCliConfig } from '../config.ts';
import { wholeNumber } from '../options.ts';
import { toDiffText } from '../output/diff-text.ts';
import { toJsonLine } from '../output/json-line.ts';
import { joinQuery, toMoment } from '../question-options.ts';
import { withHistory } from '../runtime/with-history.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = { series?: string; limit: number; dataDir?: string; json: boolean };

const EXAMPLES = `
Examples:
  kubecensus diff 2026-03-01 2026-03-08
  kubecensus diff 11 12
  kubecensus diff 2026-01-01 2026-03-01 distribution:k3s --json`;

export const defineDiff: DefineCommand = (command, terminal) => {
  command
    .argument('<earlier>', 'the earlier census: its number, or the last one on or before a date', toMoment)
    .argument('<later>', 'the later census, likewise', toMoment)
    .argument('[query...]', 'which endpoints; kubecensus search --fields lists the fields')
    .option('--series <name>', 'the series; that of the last census unless told')
    .option('-n, --limit <n>', 'endpoints that are listed', wholeNumber(0, 1_000_000), 100)
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'the difference as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (earlier: Moment, later: Moment, words: string[], { series, limit, dataDir, json }: Options) => {
      const query = parseQuery(joinQuery(words));
      await withHistory(dataDir ?? readCliConfig().dataDir, async (history) => {
        const diff = await diffHistory(await history.series(series), {
          query,
          earlier,
          later,
          limit,
        });
        await write(terminal.stdout, json ? toJsonLine(diff) : toDiffText(diff));
      });
    });
};
