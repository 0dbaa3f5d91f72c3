import {
  CLASSIFIER,
  guardClassifier,
  type Reclassification,
  type Reclassified,
  RULES_VERSION,
  reclassify,
} from '@kubecensus/indexer';
import { openHistory, publishHistory } from '@kubecensus/shared/history';
import { createStopSignal } from '@kubecensus/shared/lifecycle';
import type pg from 'pg';
import { readCliConfig } from '../config.ts';
import { EXIT } from '../exit-codes.ts';
import { wholeNumber } from '../options.ts';
import { toJsonLine } from '../output/json-line.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { toHistoryDirectory } from '../runtime/history-directory.ts';
import { openFilledStore } from '../runtime/open-store.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

/** Failures of the rules that are told one by one; the summary counts them all. */
const MAX_TOLD_FAILURES = 10;

type Options = { batch: number; dataDir?: string; json: boolean };

const EXAMPLES = `
Examples:
  kubecensus reclassify
  kubecensus reclassify --json | jq .judged

After an upgrade the rules may know more. Evidence whose verdict is of older rules is judged again, in the record alone;
nothing is sent. Ctrl-C ends it after the batch under way (exit 3), and the same command goes on from there. At its end
every published history that changed is published again, as a new revision that names the rules.`;

export const defineReclassify: DefineCommand = (command, terminal, exit) => {
  command
    .option('--batch <n>', 'evidence judged and kept at a time', wholeNumber(1, 100_000), 1000)
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'the summary as one JSON object', false)
    .addHelpText('after', EXAMPLES)
    .action(async ({ batch, dataDir, json }: Options) => {
      const settings = readCliConfig();
      const config = { ...settings, dataDir: dataDir ?? settings.dataDir };
      const say = (line: string) => terminal.stderr.write(`kubecensus: ${line}\n`);
      const stop = createStopSignal({ onDrain: () => say('finishing the batch; Ctrl-C again quits at once') });
      try {
        const store = await openFilledStore(config, say);
        try {
          let told = 0;
          const classifier = guardClassifier(CLASSIFIER, (error, { component, port }) => {
            told += 1;
            if (told <= MAX_TOLD_FAILURES) say(`the rules failed on a ${component} at port ${port}: ${error.message}`);
          });
          let bar: Progress | undefined;
          const onProgress = ({ outdated, judged }: Reclassified) => {
            bar ??= createProgress({
              label: 'reclassify',
              total: outdated,
              unit: 'evidence',
              stream: terminal.stderr,
              done: judged,
            });
            bar.update(Math.min(judged, outdated));
          };
          const { signal } = stop;
          const done = await reclassify(store.pool('writer'), { classifier, batchSize: batch, signal, onProgress });
          bar?.close();
          const left = Math.max(0, done.outdated - done.judged);
          const revised = left > 0 ? [] : await publishAgain(store.pool('reader'), toHistoryDirectory(config.dataDir));
          const summary = { rules: RULES_VERSION, ...done, left, revised };
          await write(terminal.stdout, json ? toJsonLine(summary) : toSummaryText(summary));
          if (left > 0) exit(EXIT.incomplete);
          else if (done.failed > 0) exit(EXIT.failed);
        } finally {
          await store.close();
        }
      } finally {
        stop.close();
      }
    });
};

type Revised = { series: string; revision: number };

/** Every series that is published: a run before this one may have judged without coming as far as publishing. */
async function publishAgain(pool: pg.Pool, directory: string): Promise<Revised[]> {
  const history = await openHistory({ directory });
  const published = await history.list();
  await history.close();
  const revised: Revised[] = [];
  for (const { seriesId, series } of published) {
    const because = `judged by rules ${RULES_VERSION}`;
    const { changed, manifest } = await publishHistory({ pool, directory, series: seriesId, because });
    if (changed) revised.push({ series, revision: manifest.revision });
  }
  return revised;
}

function toSummaryText({
  rules,
  judged,
  failed,
  left,
  revisions,
  revised,
}: Reclassification & { rules: number; left: number; revised: Revised[] }): string {
  const lines = [
    judged === 0 && left === 0 ? `every verdict is of rules ${rules} already` : `${judged} judged by rules ${rules}`,
    ...(failed > 0 ? [`${failed} keep the verdict that they had, for the rules failed on them`] : []),
    ...(left > 0 ? [`${left} are left; the same command goes on from here`] : []),
    ...(revisions.length > 0
      ? [`${revisions.length} censuses have a new revision (kubecensus history revisions)`]
      : []),
    ...revised.map(({ series, revision }) => `series ${series} is published again, as publication ${revision}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
