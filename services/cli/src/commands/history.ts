import { type CensusRevision, listCensuses, listRevisions } from '@kubecensus/api';
import { openHistory, type Publication, publishHistory, verifyHistory } from '@kubecensus/shared/history';
import { readCliConfig } from '../config.ts';
import { EXIT } from '../exit-codes.ts';
import { toPublicationText } from '../output/history-text.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toSafeText } from '../output/safe-text.ts';
import { toTable } from '../output/table.ts';
import { toHistoryDirectory } from '../runtime/history-directory.ts';
import { openFilledStore } from '../runtime/open-store.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = { series?: string; dataDir?: string; json: boolean };
type RebuildOptions = Options & { because?: string; erase: boolean };

const NOTHING_PUBLISHED =
  'kubecensus: nothing is published yet; kubecensus history rebuild publishes what the record has\n';

const EXAMPLES = `
Examples:
  kubecensus history rebuild
  kubecensus history rebuild --series weekly --because 'rules of March'
  kubecensus history verify
  kubecensus history revisions --series weekly

A history is derived from the record: intervals of endpoints and hosts as Parquet files, with a codebook of every column
(datapackage.json). Count, trend and diff read it.`;

export const defineHistory: DefineCommand = (command, terminal, exit) => {
  const history = command.addHelpText('after', EXAMPLES);

  history
    .command('rebuild')
    .description('publish what the record has; the same record again changes nothing but the number of the publication')
    .option('--series <name>', 'one series; all of them unless told')
    .option('--because <text>', 'why published censuses may be another now; kept with their revisions')
    .option('--erase', 'remove the files of the publication before at once', false)
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'the manifests as JSON', false)
    .action(async ({ series, because, erase, dataDir, json }: RebuildOptions) => {
      const config = readCliConfig();
      const where = { ...config, dataDir: dataDir ?? config.dataDir };
      const store = await openFilledStore(where);
      try {
        const pool = store.pool('reader');
        const censuses = await listCensuses(pool, series === undefined ? {} : { series });
        const ids = [...new Set(censuses.map(({ seriesId }) => seriesId))].sort((a, b) => a - b);
        // A name that nothing bears is refused by the publication itself.
        for (const id of series === undefined ? ids : [series]) {
          const publication = await publishHistory({
            pool,
            directory: toHistoryDirectory(where.dataDir),
            series: id,
            force: true,
            erase,
            ...(because !== undefined && { because }),
          });
          await write(terminal.stdout, json ? toJsonLine(publication.manifest) : toPublicationText(publication));
        }
      } finally {
        await store.close();
      }
    });

  history
    .command('verify')
    .description('read every published file: bytes, columns and counts against the manifest')
    .option('--series <name>', 'one series; all of them unless told')
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'one JSON object per series', false)
    .action(async ({ series, dataDir, json }: Options) => {
      const directory = toHistoryDirectory(dataDir ?? readCliConfig().dataDir);
      const published = await openHistory({ directory });
      const manifests = series === undefined ? await published.list() : [(await published.series(series)).manifest];
      await published.close();
      if (manifests.length === 0) terminal.stderr.write(NOTHING_PUBLISHED);
      for (const manifest of manifests) {
        const discrepancies = await verifyHistory(directory, manifest);
        if (discrepancies.length > 0) exit(EXIT.failed);
        const lines = discrepancies.map(({ file, problem }) => `  ${file} ${problem}\n`).join('');
        const verdict = discrepancies.length === 0 ? 'is whole' : 'is damaged; kubecensus history rebuild mends it';
        const text = `series ${manifest.series}, publication ${manifest.revision} ${verdict}\n${lines}`;
        await write(terminal.stdout, json ? toJsonLine({ series: manifest.series, discrepancies }) : text);
      }
    });

  history
    .command('revisions')
    .description('what the censuses said, and why they came to say something else')
    .option('--series <name>', 'one series; all of them unless told')
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'one JSON object per revision', false)
    .action(async ({ series, dataDir, json }: Options) => {
      const config = readCliConfig();
      const store = await openFilledStore({ ...config, dataDir: dataDir ?? config.dataDir });
      try {
        const revisions = await listRevisions(store.pool('reader'), series === undefined ? {} : { series });
        if (json) for (const revision of revisions) await write(terminal.stdout, toJsonLine(revision));
        else if (revisions.length > 0) await write(terminal.stdout, `${toRevisionTable(revisions)}\n`);
        else terminal.stderr.write('kubecensus: there is no census yet\n');
      } finally {
        await store.close();
      }
    });

  history
    .command('list')
    .description('what is published')
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'one manifest a line', false)
    .action(async ({ dataDir, json }: Options) => {
      const published = await openHistory({ directory: toHistoryDirectory(dataDir ?? readCliConfig().dataDir) });
      const manifests = await published.list();
      if (manifests.length === 0) terminal.stderr.write(NOTHING_PUBLISHED);
      for (const manifest of manifests) {
        const publication: Publication = { changed: false, manifest };
        await write(terminal.stdout, json ? toJsonLine(manifest) : toPublicationText(publication));
      }
      await published.close();
    });
};

function toRevisionTable(revisions: readonly CensusRevision[]): string {
  const toMinute = (at: Date) => at.toISOString().slice(0, 16).replace('T', ' ');
  return toTable(revisions, [
    { title: 'series', value: ({ series }) => toSafeText(series) },
    { title: 'census', value: ({ censusNumber }) => censusNumber, align: 'right' },
    { title: 'as of', value: ({ asOf }) => asOf.toISOString().slice(0, 10) },
    { title: 'revision', value: ({ revision }) => revision, align: 'right' },
    { title: 'because', value: ({ reason }) => reason },
    { title: 'made at', value: ({ madeAt }) => toMinute(madeAt) },
    { title: 'rules', value: ({ rulesVersion }) => rulesVersion ?? '-', align: 'right' },
    { title: 'present', value: ({ present }) => present, align: 'right' },
    { title: 'exact SAN', value: ({ exactSan }) => exactSan, align: 'right' },
    { title: 'answering', value: ({ answering }) => answering, align: 'right' },
    { title: 'not reached', value: ({ notReached }) => notReached, align: 'right' },
  ]);
}
