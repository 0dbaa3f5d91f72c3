import { forgetMonths, isMonth, sweepForgotten } from '@kubecensus/indexer';
import { openHistory, publishHistory } from '@kubecensus/shared/history';
import { InvalidArgumentError } from 'commander';
import type pg from 'pg';
import { readCliConfig } from '../config.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toHistoryDirectory } from '../runtime/history-directory.ts';
import { openFilledStore } from '../runtime/open-store.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = { before: string; dataDir?: string; json: boolean };

const EXAMPLES = `
Examples:
  kubecensus forget --before 2025-06
  kubecensus forget --before 2025-06 --json | jq .evidence

Drops the months before that one: their sightings and absences, then what only they referred to. Published histories of
the series begin anew with the first census that is left; where none is left, that is what is published. A month that
is not over cannot be dropped. There is no way back.`;

export const defineForget: DefineCommand = (command, terminal) => {
  command
    .requiredOption('--before <month>', 'the first month that stays, as YYYY-MM', toMonth)
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'the summary as one JSON object', false)
    .addHelpText('after', EXAMPLES)
    .action(async ({ before, dataDir, json }: Options) => {
      const settings = readCliConfig();
      const config = { ...settings, dataDir: dataDir ?? settings.dataDir };
      const store = await openFilledStore(config, (line) => terminal.stderr.write(`kubecensus: ${line}\n`));
      try {
        const { months, censuses, seriesIds, droppedInMs } = await forgetMonths(store.pool('owner'), before);
        const swept = await sweepForgotten(store.pool('owner'), before);
        const directory = toHistoryDirectory(config.dataDir);
        const published = await publishAgain(store.pool('reader'), directory, seriesIds, before);
        const summary = { before, months, censuses, ...swept, published, droppedInMs: Math.round(droppedInMs) };
        const text =
          `${months.length} tables of months before ${before} dropped in ${summary.droppedInMs} ms, ` +
          `${censuses} censuses forgotten\n` +
          `swept: ${swept.observations} single looks, ${swept.endpoints} endpoints, ${swept.evidence} pieces of evidence\n` +
          published.map((series) => `the history of series ${series} is published anew\n`).join('');
        await write(terminal.stdout, json ? toJsonLine(summary) : text);
      } finally {
        await store.close();
      }
    });
};

function toMonth(text: string): string {
  if (!isMonth(text)) throw new InvalidArgumentError('write a month as YYYY-MM');
  const current = new Date().toISOString().slice(0, 7);
  if (text <= current) return text;
  throw new InvalidArgumentError(
    `${text} has not begun; the present month, ${current}, is the last that can be the first one`,
  );
}

/** Names of the series whose published history begins later now, or is none any more; also those that a crash left behind. */
async function publishAgain(
  pool: pg.Pool,
  directory: string,
  seriesIds: readonly number[],
  before: string,
): Promise<string[]> {
  const history = await openHistory({ directory });
  const manifests = await history.list();
  await history.close();
  const published: string[] = [];
  for (const { seriesId, series, censuses } of manifests) {
    const isTold = censuses.some(({ asOf }) => asOf < `${before}-01`);
    if (!isTold && !seriesIds.includes(seriesId)) continue;
    await publishHistory({ pool, directory, series: seriesId, because: `forgotten: before ${before}`, erase: true });
    published.push(series);
  }
  return published;
}
