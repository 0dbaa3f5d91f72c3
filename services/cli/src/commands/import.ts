import path from 'node:path';
import { CLASSIFIER, guardClassifier, type Imported, importObservations } from '@kubecensus/indexer';
import { assertPort, fileInput } from '@kubecensus/shared/addresses';
import { readCliConfig } from '../config.ts';
import { readImportLines } from '../import/read-import-lines.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toSafeText } from '../output/safe-text.ts';
import { toLastInstant } from '../question-options.ts';
import { openStore } from '../runtime/open-store.ts';
import { write } from '../terminal.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './define-command.ts';

type Options = {
  origin?: string;
  asOf?: Date;
  port?: number;
  skipRefused: boolean;
  dataDir?: string;
  json: boolean;
};

const EXAMPLES = `
Examples:
  kubecensus import endpoints.ndjson --origin 'example.org, their export of 1 March'
  zgrab2 http --port 6443 --use-https --endpoint /version ... | kubecensus import - --origin 'our zgrab2' --port 6443

An import is a scan of its own: count --scan, export --scan and explain tell of it. It changes no series and no current
state, and dials nothing. Where a line is refused nothing at all is taken in.`;

export const defineImport: DefineCommand = (command, terminal) => {
  command
    .argument('<file>', 'where they are; - is standard input')
    .option('--origin <text>', 'whose they are, for whoever meets them later; the name of the file unless told')
    .option('--as-of <date>', 'the day that they answer for; that of the latest finding unless told', toLastInstant)
    .option('--port <n>', 'the port of lines that name none', toPort)
    .option('--skip-refused', 'leave out the lines that are refused, and take in the others', false)
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'what was taken in as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, { origin, asOf, port, skipRefused, dataDir, json }: Options) => {
      const config = readCliConfig();
      const input = file === '-' ? { name: 'standard input', chunks: terminal.stdin } : fileInput(file);
      const store = await openStore({ ...config, dataDir: dataDir ?? config.dataDir });
      try {
        const classifier = guardClassifier(CLASSIFIER, (error) =>
          terminal.stderr.write(
            `kubecensus: kept without a verdict, for a rule failed: ${toSafeText(error.message)}\n`,
          ),
        );
        const imported = await importObservations(
          {
            pool: store.pool('writer'),
            classifier,
            origin: origin ?? (file === '-' ? 'standard input' : path.basename(file)),
            method: { version: VERSION, import: true },
            skipRefused,
            ...(asOf !== undefined && { asOf }),
          },
          readImportLines(input, port),
        );
        await write(terminal.stdout, json ? toJsonLine(imported) : toImportText(imported));
      } finally {
        await store.close();
      }
    });
};

function toPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  assertPort(port);
  return port;
}

function toImportText({ scanId, endpoints, linesTaken, linesWithoutFinding, refused, refusals }: Imported): string {
  const lines = refusals.map(({ lineNumber, problem }) => `  line ${lineNumber}: ${toSafeText(problem)}\n`);
  const more = refused > refusals.length ? `  and ${refused - refusals.length} more\n` : '';
  const left = refused === 0 ? '' : `${refused} lines are refused and left out\n${lines.join('')}${more}`;
  const none = linesWithoutFinding === 0 ? '' : `, ${linesWithoutFinding} without a finding`;
  return `scan ${scanId}: ${endpoints} endpoints of ${linesTaken} lines${none}; kubecensus count --scan ${scanId} shows them\n${left}`;
}
