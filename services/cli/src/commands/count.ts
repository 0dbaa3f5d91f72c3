import { countEndpoints, toDimensions } from '@kubecensus/api';
import type { Unit } from '@kubecensus/shared/history';
import { InvalidArgumentError } from 'commander';
import { readCliConfig } from '../config.ts';
import { wholeNumber } from '../options.ts';
import { toCountText } from '../output/count-text.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toUnit } from '../question-options.ts';
import { openFilledStore } from '../runtime/open-store.ts';
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
  dataDir?: string;
  json: boolean;
};

const EXAMPLES = `
Examples:
  kubecensus count
  kubecensus count --by distribution,minor
  kubecensus count --unit cluster --by distribution
  kubecensus count --by exposure,silence --unit host --as-of 2026-11-01 --json`;

export const defineCount: DefineCommand = (command, terminal) => {
  command
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
    .option('--as-of <date>', 'the last census on or before this date, such as 2026-11-01', toDate)
    .option('--scan <id>', 'the findings of one scan')
    .option('--live', 'the current state, by whatever scan looked last', false)
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'the counts as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async ({ scan, dataDir, json, ...subject }: Options) => {
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

/** A date means its whole day: a census of that day is on it. */
function toDate(text: string): Date {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const date = new Date(isDay ? `${text}T23:59:59.999Z` : text);
  if (!Number.isNaN(date.getTime()) && /^\d{4}-/.test(text)) return date;
  throw new InvalidArgumentError('give a date such as 2026-11-01.');
}
