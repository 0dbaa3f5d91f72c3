import { type Moment, parseQuery, trendHistory, type Unit } from '@kubecensus/shared/history';
import { readCliConfig } from '../config.ts';
import { wholeNumber } from '../options.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toTrendText } from '../output/trend-text.ts';
import { joinQuery, toFirstMoment, toMoment, toNames, toUnit } from '../question-options.ts';
import { withHistory } from '../runtime/with-history.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = {
  by?: string[];
  unit: Unit;
  series?: string;
  from?: Moment;
  to?: Moment;
  limit: number;
  dataDir?: string;
  json: boolean;
};

const EXAMPLES = `
Examples:
  kubecensus trend
  kubecensus trend 'distribution:eks version<1.30' --by minor --from 2026-03-01
  kubecensus trend eol:yes --by distribution --unit host --json`;

export const defineTrend: DefineCommand = (command, terminal) => {
  command
    .argument('[query...]', 'what is counted; kubecensus search --fields lists the fields')
    .option('-b, --by <list>', 'one line for each value of distribution, minor, exposure, ...', toNames)
    .option(
      '-u, --unit <unit>',
      'endpoint, host (distinct addresses) or cluster (distinct control planes)',
      toUnit,
      'endpoint' as Unit,
    )
    .option('--series <name>', 'the series; that of the last census unless told')
    .option('--from <date>', 'censuses from this date on, or from the one of this number', toFirstMoment)
    .option('--to <date>', 'censuses up to this date, or to the one of this number', toMoment)
    .option('-n, --limit <n>', 'lines that are told apart', wholeNumber(1, 10_000), 10)
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'the trend as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], { series, dataDir, json, ...question }: Options) => {
      const query = parseQuery(joinQuery(words));
      await withHistory(dataDir ?? readCliConfig().dataDir, async (history) => {
        const trend = await trendHistory(await history.series(series), { ...question, query });
        await write(terminal.stdout, json ? toJsonLine(trend) : toTrendText(trend));
      });
    });
};
