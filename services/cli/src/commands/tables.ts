import { parsePeriod } from '@kubecensus/shared/dates';
import { KubecensusError } from '@kubecensus/shared/errors';
import { type ListedTable, listTables, refreshTable, removeTable, toTablesDirectory } from '@kubecensus/shared/tables';
import { InvalidArgumentError } from 'commander';
import { readCliConfig } from '../config.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toSafeText } from '../output/safe-text.ts';
import { toTable } from '../output/table.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Where = { dataDir?: string };
type RefreshOptions = Where & {
  date?: string;
  source?: string;
  product?: string;
  provider?: string;
  attribution?: string;
  json: boolean;
};

const EXAMPLES = `
Examples:
  kubecensus tables
  kubecensus tables refresh releases kubernetes.json
  kubecensus tables refresh support-windows amazon-eks.json
  kubecensus tables refresh own-aws ip-ranges.json
  kubecensus tables refresh own-office ranges.csv        # prefix,asn,as_name,country,provider
  kubecensus tables forget own-office

Nothing is downloaded: a table is refreshed from a file that you fetched. What cannot be read, or is older than the table
in force, is refused with its line and the reason, and the old table stays. Where addresses lie is said anew by the next
census; past censuses keep what they said.`;

export const defineTables: DefineCommand = (command, terminal) => {
  command.addHelpText('after', EXAMPLES);
  command
    .command('list', { isDefault: true })
    .description('the tables in force: their day, their source')
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'one JSON object per table', false)
    .action(async ({ json, ...where }: Where & { json: boolean }) => {
      const tables = await listTables(toDirectory(where));
      await write(terminal.stdout, json ? tables.map(toJsonLine).join('') : toTablesText(tables));
    });
  command
    .command('refresh')
    .description('put a downloaded file in the place of a table')
    .argument('<table>', 'its name, as kubecensus tables lists it; own-NAME for ranges of your own')
    .argument('<file>', 'the official file, or a table in our own columns')
    .option('--date <day>', 'the day of the data, where the file does not say; that of the file unless told', toDay)
    .option('--source <text>', 'where it was downloaded from')
    .option('--product <name>', 'of endoflife.date, where the file does not say: amazon-eks, ...')
    .option('--provider <name>', 'whose ranges these are, where the list does not say')
    .option('--attribution <text>', 'what the licence of the data asks to be said')
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'the table in force as JSON', false)
    .action(async (table: string, file: string, { json, dataDir, ...about }: RefreshOptions) => {
      const directory = toDirectory(dataDir === undefined ? {} : { dataDir });
      const entry = await refreshTable({ directory, table, file, ...about });
      const line = `${table}: ${entry.rows} rows of ${entry.asOf}, from ${toSafeText(entry.source)}; in force\n`;
      await write(terminal.stdout, json ? toJsonLine(entry) : line);
    });
  command
    .command('forget')
    .description('go back to the table that comes with the program; one of your own is removed')
    .argument('<table>', 'its name')
    .option('--data-dir <dir>', 'data directory')
    .action(async (table: string, where: Where) => {
      if (await removeTable(toDirectory(where), table)) {
        await write(terminal.stdout, `${table}: what was put there is removed\n`);
        return;
      }
      throw new KubecensusError(
        'TABLE_UNKNOWN',
        `no table "${toSafeText(table)}" was refreshed; kubecensus tables lists them`,
      );
    });
};

function toDirectory({ dataDir }: Where): string {
  const config = readCliConfig();
  return toTablesDirectory({ ...config, dataDir: dataDir ?? config.dataDir });
}

function toTablesText(tables: readonly ListedTable[]): string {
  const text = toTable(tables, [
    { title: 'table', value: ({ table }) => table },
    { title: 'as of', value: ({ asOf }) => asOf },
    { title: 'refreshed', value: ({ isRefreshed }) => (isRefreshed ? 'yes' : 'no') },
    { title: 'what', value: ({ title }) => title },
    { title: 'source', value: ({ source }) => toSafeText(source) },
  ]);
  const notices = [...new Set(tables.flatMap(({ attribution }) => attribution ?? []))];
  return `${text}\n${notices.map((notice) => `${toSafeText(notice)}\n`).join('')}`;
}

function toDay(text: string): string {
  if (/^[\d-]{10}$/.test(text) && parsePeriod(text) !== undefined) return text;
  throw new InvalidArgumentError('give a day such as 2026-11-01.');
}
