import { assertPermitted, MAX_RATE, readSources, type ScanRequest } from '@kubecensus/seeder';
import { fileInput, Scope } from '@kubecensus/shared/addresses';
import { createStopSignal } from '@kubecensus/shared/lifecycle';
import { createLogger } from '@kubecensus/shared/log';
import { readCliConfig } from '../config.ts';
import { EXIT } from '../exit-codes.ts';
import { DEFAULT_PORTS, parsePorts, wholeNumber } from '../options.ts';
import { toJsonLine } from '../output/json-line.ts';
import { openOneMachine } from '../runtime/one-machine.ts';
import { runScan, type ScanRun } from '../runtime/run-scan.ts';
import { write } from '../terminal.ts';
import { toBlocks } from '../to-scope.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './define-command.ts';

type Options = {
  targets?: string[];
  targetsFile?: string[];
  mergeOverlaps: boolean;
  ports: number[];
  rate?: number;
  allowPrivate: boolean;
  adHoc: boolean;
  purpose?: string;
  operatorUrl?: string;
  operatorMail?: string;
  probers?: number;
  revisitDelay?: number;
  dataDir?: string;
  json: boolean;
};

const EXAMPLES = `
Examples:
  kubecensus scan --targets 10.0.0.0/16 --ports 443,6443 --allow-private --rate 500
  masscan ... -oL - | kubecensus scan --targets-file - --operator-url ...

A scan of the same targets belongs to the same series; one that was interrupted goes on when it is started again.`;

export const defineScan: DefineCommand = (program, terminal, exit) => {
  program
    .command('scan')
    .description('take a census of the targets; kubecensus count shows what was found')
    .option('-t, --targets <target...>', 'addresses, address:port, prefixes, ranges')
    .option(
      '-f, --targets-file <path...>',
      'files with one of these a line, or what masscan, zmap, naabu, nmap or zgrab2 wrote; - reads standard input',
    )
    .option('--merge-overlaps', 'ranges may overlap', false)
    .option('-p, --ports <list>', 'ports for targets that name none', parsePorts, [...DEFAULT_PORTS])
    .option('-r, --rate <n>', 'connects per second, all probers together', wholeNumber(1, MAX_RATE))
    .option('--allow-private', 'private ranges are yours to look at', false)
    .option('--ad-hoc', 'bring the current state up to date; opens no census', false)
    .option('--purpose <text>', 'why, in a few words; needed for public ranges')
    .option('--operator-url <url>', 'page that says who asks; needed for public ranges')
    .option('--operator-mail <mail>', 'where the scanned can write to; needed for public ranges')
    .option('--probers <n>', 'prober processes; one per core unless told', wholeNumber(1, 64))
    .option('--revisit-delay <seconds>', 'before what the census missed is looked at again', wholeNumber(0, 172_800))
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'the result as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const settings = readCliConfig();
      const config = { ...settings, dataDir: options.dataDir ?? settings.dataDir };
      const { selection } = await readSources({
        values: options.targets ?? [],
        inputs: (options.targetsFile ?? []).map((path) =>
          path === '-' ? { name: 'standard input', chunks: terminal.stdin } : fileInput(path),
        ),
        overlaps: options.mergeOverlaps ? 'merge' : 'refuse',
      });
      const request: ScanRequest = {
        kind: options.adHoc ? 'ad-hoc' : 'census',
        targets: Scope.of(toBlocks(selection, options.ports)),
        allowPrivate: options.allowPrivate,
        rate: options.rate,
        purpose: options.purpose,
        operator: {
          url: options.operatorUrl ?? config.operatorUrl,
          mail: options.operatorMail ?? config.operatorMail,
        },
        method: { version: VERSION, thorough: false },
      };
      assertPermitted(request);
      const stop = createStopSignal({
        onDrain: () =>
          terminal.stderr.write(
            'kubecensus: finishing what is under way; Ctrl-C again quits, and the same command goes on\n',
          ),
      });
      const log = createLogger({ name: 'kubecensus', level: config.logLevel });
      try {
        const machine = await openOneMachine({
          config,
          log,
          probers: options.probers,
          ...(options.revisitDelay !== undefined && { revisitDelayMs: options.revisitDelay * 1000 }),
          onWarning: (line) => terminal.stderr.write(`kubecensus: ${line}\n`),
        });
        try {
          const run = await runScan({ machine, terminal, label: 'scan', signal: stop.signal, request });
          if (!run.completed) exit(EXIT.incomplete);
          await write(terminal.stdout, options.json ? toJsonLine(toResult(run)) : toText(run));
        } finally {
          await machine.close();
        }
      } finally {
        stop.close();
      }
    });
};

function toResult({ planned, last, completed }: ScanRun) {
  return {
    scan: planned.scanId,
    resumed: planned.resumed,
    completed,
    state: last.state,
    targets: last.targetCount,
    lookedAt: last.lookedAt,
    outcomes: last.outcomes,
    startedAt: last.startedAt,
    completedAt: last.completedAt ?? null,
  };
}

function toText({ planned, last, completed }: ScanRun): string {
  const outcomes = Object.entries(last.outcomes)
    .sort(([, a], [, b]) => b - a)
    .map(([outcome, count]) => `  ${outcome.padEnd(20)} ${count}\n`)
    .join('');
  const head = `scan ${planned.scanId}: ${last.lookedAt} of ${last.targetCount} targets looked at\n`;
  const tail = completed
    ? 'kubecensus count shows what they are\n'
    : 'not complete: start the same command again to go on\n';
  return `${head}${outcomes}${tail}`;
}
