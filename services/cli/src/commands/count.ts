import { countEndpoints, toDimensions } from '@kubecensus/api';
import { KubecensusError } from '@kubecensus/shared/errors';
import { countHistory, parseQuery, type Unit } from '@kubecensus/shared/history';
import { Option } from 'commander';
import { readCliConfig } from '../config.ts';
import { wholeNumber } from '../options.ts';
import { toCountText } from '../output/count-text.ts';
import { toCrossTabText } from '../output/cross-tab-text.ts';
import { toJsonLine } from '../output/json-line.ts';
import { joinQuery, toLastInstant, toUnit } from '../question-options.ts';
import { openFilledStore } from '../runtime/open-store.ts';
import { withHistory } from '../runtime/with-history.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = {
  by?: string[];
  unit: Unit;
  series?: string;
  census?: number;
  asOf?: Date;
  scan?: string;
  live: boolean;
  limit: number;
  dataDir?: string;
  json: boolean;
};

const EXAMPLES = `
Examples:
  kubecensus count
  kubecensus count --by distribution,minor
  kubecensus count --unit cluster --by distribution
  kubecensus count --by exposure,silence --unit host --as-of 2026-11-01 --json
  kubecensus count 'distribution:eks version<1.30' --by minor,country

A query is answered from what is published, split by up to three dimensions; without one a census, a scan or the current
state is counted in the record.`;

export const defineCount: DefineCommand = (command, terminal) => {
  command
    .argument('[query...]', 'which endpoints; kubecensus search --fields lists the fields')
    .option(
      '-b, --by <list>',
      'split by distribution, minor, version, exposure, silence, port, country, asn, provider, ...',
      toNames,
    )
    .option(
      '-u, --unit <unit>',
      'endpoint, host (distinct addresses) or cluster (distinct control planes)',
      toUnit,
      'endpoint' as Unit,
    )
    .option('--series <name>', 'the series; that of the last census unless told')
    .option('--census <n>', 'number of the census within its series', wholeNumber(1, 1_000_000))
    .option('--as-of <date>', 'the last census on or before this date, such as 2026-11-01', toLastInstant)
    .option('--scan <id>', 'the findings of one scan')
    .addOption(
      new Option('--live', 'the current state, by whatever scan looked last')
        .default(false)
        .conflicts(['asOf', 'census', 'scan', 'series']),
    )
    .option('-n, --limit <n>', 'of a query: cells that are told apart', wholeNumber(1, 10_000), 100)
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'the counts as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], { scan, dataDir, json, limit, ...subject }: Options) => {
      if (words.length > 0) {
        if (scan !== undefined || subject.live) {
          throw new KubecensusError(
            'QUERY_SUBJECT_UNPUBLISHED',
            'a query counts in published censuses, not in --scan or --live; kubecensus search and export list what meets it there',
          );
        }
        const query = parseQuery(joinQuery(words));
        const { live: _never, series, ...moment } = subject;
        await withHistory(dataDir ?? readCliConfig().dataDir, async (history) => {
          const count = await countHistory(await history.series(series), { ...moment, query, limit });
          await write(terminal.stdout, json ? toJsonLine(count) : toCrossTabText(count));
        });
        return;
      }
      toDimensions(subject.by ?? []);
      const config = readCliConfig();
      const store = await openFilledStore({ ...config, dataDir: dataDir ?? config.dataDir });
      try {
        const count = await countEndpoints(store.pool('reader'), {
          ...subject,
          ...(scan !== undefined && { scanId: scan }),
        });
        await write(terminal.stdout, json ? toJsonLine(count) : toCountText(count));
      } finally {
        await store.close();
      }
    });
};

function toNames(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}
