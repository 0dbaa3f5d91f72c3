import { buildWeeklyReport, writeWeekly } from '@kubecensus/reporter';
import { readCliConfig } from '../config.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toLastInstant } from '../question-options.ts';
import { withHistory } from '../runtime/with-history.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = { out: string; series?: string; asOf?: Date; dataDir?: string; json: boolean };

const EXAMPLES = `
Examples:
  kubecensus report weekly --out reports
  kubecensus report weekly --out reports --series weekly --as-of 2026-03-01`;

export const defineReport: DefineCommand = (command, terminal) => {
  const report = command.addHelpText('after', EXAMPLES);

  report
    .command('weekly')
    .description('the week of a census as Markdown, JSON and one self-contained HTML file')
    .requiredOption('-o, --out <dir>', 'where the files go')
    .option('--series <name>', 'the series; that of the last census unless told')
    .option('--as-of <date>', 'the last census on or before this date', toLastInstant)
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'the names of the files as JSON', false)
    .action(async ({ out, series, asOf, dataDir, json }: Options) => {
      await withHistory(dataDir ?? readCliConfig().dataDir, async (history) => {
        const published = await history.series(series);
        const files = await writeWeekly(await buildWeeklyReport(published, asOf === undefined ? {} : { asOf }), out);
        await write(terminal.stdout, json ? toJsonLine({ files }) : files.map((file) => `${file}\n`).join(''));
      });
    });
};
