import { chmod, rename, rm } from 'node:fs/promises';
import {
  createSample,
  exportEndpoints,
  FLAT_COLUMNS,
  parseShare,
  type SearchQuestion,
  TEXT_FORMATS,
  type TextFormatName,
} from '@kubecensus/api';
import { KubecensusError } from '@kubecensus/shared/errors';
import { type ParquetColumns, parseQuery, writeParquet } from '@kubecensus/shared/history';
import { Option } from 'commander';
import type pg from 'pg';
import { readCliConfig } from '../config.ts';
import { resolveExportDestination } from '../export/export-destination.ts';
import { openExportSink, toNameBeside } from '../export/export-sink.ts';
import { SampleTally, toEstimatesText } from '../export/sample-tally.ts';
import { wholeNumber } from '../options.ts';
import { toJsonLine } from '../output/json-line.ts';
import { joinQuery, toLastInstant } from '../question-options.ts';
import { openFilledStore } from '../runtime/open-store.ts';
import type { Terminal } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = {
  format: TextFormatName | 'parquet';
  out: string;
  series?: string;
  asOf?: Date;
  scan?: string;
  sample?: number;
  seed: number;
  dataDir?: string;
  json: boolean;
};

type TextOptions = { format: TextFormatName; out: string; sample: number | undefined; seed: number };

const EXAMPLES = `
Examples:
  kubecensus export > endpoints.ndjson
  kubecensus export 'distribution:eks version<1.30' --format csv --out eks.csv
  kubecensus export --format shadowserver country:DE --out de.csv
  kubecensus export --sample 1% --seed 7 --out sample.ndjson

ndjson is everything, and kubecensus import reads it back; zgrab2 are its lines; shadowserver are the columns of that
report on Kubernetes; csv and parquet are tables without the certificates' bytes.`;

const PARQUET_TYPES = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
  instant: 'TIMESTAMPTZ',
  texts: 'VARCHAR[]',
} as const;

export const defineExport: DefineCommand = (command, terminal) => {
  command
    .argument('[query...]', 'which endpoints; kubecensus search --fields lists the fields')
    .addOption(
      new Option('-f, --format <format>', 'how they are written')
        .choices([...Object.keys(TEXT_FORMATS), 'parquet'])
        .default('ndjson'),
    )
    .option('-o, --out <file>', 'where to; - is standard output', '-')
    .option('--series <name>', 'the series; that of the last census unless told')
    .option('--as-of <date>', 'the last census on or before this date', toLastInstant)
    .addOption(
      new Option('--scan <id>', 'the findings of one scan, an import among them').conflicts(['series', 'asOf']),
    )
    .option(
      '--sample <share>',
      'a random part, such as 1%; what it says of the whole is told on standard error',
      parseShare,
    )
    .option('--seed <n>', 'the same seed takes the same endpoints', wholeNumber(0, 2 ** 31), 1)
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'what a sample says of the whole as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], options: Options) => {
      const query = parseQuery(joinQuery(words));
      const { series, asOf, scan, sample, seed, dataDir } = options;
      const config = readCliConfig();
      const store = await openFilledStore({ ...config, dataDir: dataDir ?? config.dataDir });
      try {
        const question: SearchQuestion = {
          query,
          ...(series !== undefined && { series }),
          ...(asOf !== undefined && { asOf }),
          ...(scan !== undefined && { scanId: scan }),
        };
        const tally = new SampleTally(sample ?? 1, seed);
        await writeExport(store.pool('reader'), question, options, tally, terminal);
        const estimates = sample === undefined ? undefined : tally.estimates();
        if (estimates === undefined) return;
        terminal.stderr.write(options.json ? toJsonLine(estimates) : toEstimatesText(estimates));
      } finally {
        await store.close();
      }
    });
};

async function writeExport(
  pool: pg.Pool,
  question: SearchQuestion,
  { format, out, sample, seed }: Options,
  tally: SampleTally,
  terminal: Terminal,
): Promise<void> {
  if (format === 'parquet') return await writeParquetExport(pool, question, { out, sample, seed }, tally, terminal);
  await writeText(pool, question, { format, out, sample, seed }, tally, terminal);
}

async function writeText(
  pool: pg.Pool,
  question: SearchQuestion,
  { format, out, sample, seed }: TextOptions,
  tally: SampleTally,
  terminal: Terminal,
): Promise<void> {
  const { head, toText } = TEXT_FORMATS[format];
  const sink = await openExportSink(out, terminal);
  try {
    await sink.write(head);
    const isTaken = sample === undefined ? undefined : createSample(sample, seed);
    for await (const page of exportEndpoints(pool, question, isTaken)) {
      tally.add(page);
      await sink.write(page.rows.map(toText).join(''));
    }
    await sink.close();
  } catch (caught) {
    await sink.discard();
    throw caught;
  }
}

/** Through lines beside it, which go again. */
async function writeParquetExport(
  pool: pg.Pool,
  question: SearchQuestion,
  options: Omit<TextOptions, 'format'>,
  tally: SampleTally,
  terminal: Terminal,
): Promise<void> {
  const { out } = options;
  const destination = out === '-' ? undefined : await resolveExportDestination(out);
  if (destination?.isReplaceable !== true) {
    throw new KubecensusError(
      'EXPORT_UNWRITABLE',
      `Parquet is written from its end, and ${out} takes a stream; name a file with --out`,
    );
  }
  const { file, mode } = destination;
  const lines = toNameBeside(file);
  const table = toNameBeside(file);
  try {
    await writeText(pool, question, { ...options, format: 'ndjson', out: lines }, tally, terminal);
    const columns: ParquetColumns = Object.fromEntries(
      Object.entries(FLAT_COLUMNS).map(([name, kind]) => [name, PARQUET_TYPES[kind]]),
    );
    await writeParquet(lines, columns, table);
    if (mode !== undefined) await chmod(table, mode);
    await rename(table, file);
  } finally {
    await Promise.all([lines, table].map((one) => rm(one, { force: true })));
  }
}
