import {
  assertPermitted,
  DEFAULT_LOOPBACK_RATE,
  DEFAULT_PRIVATE_RATE,
  estimateScan,
  MAX_RATE,
  readSources,
  type ScanRequest,
  selectDueEndpoints,
} from '@kubecensus/seeder';
import { fileInput, Scope } from '@kubecensus/shared/addresses';
import { createStopSignal } from '@kubecensus/shared/lifecycle';
import { createPlaceTables, toTablesDirectory } from '@kubecensus/shared/tables';
import { Option } from 'commander';
import { readSourceAddresses } from '../check/source-address.ts';
import { readCliConfig } from '../config.ts';
import { EXIT } from '../exit-codes.ts';
import { DEFAULT_PORTS, parsePorts, wholeNumber } from '../options.ts';
import { toJsonLine } from '../output/json-line.ts';
import { createCommandLogger } from '../output/person-log.ts';
import { awaitPublication } from '../runtime/await-publication.ts';
import { type OneMachine, openOrJoinMachine } from '../runtime/one-machine.ts';
import { assertFilled, openFilledStore, openStore } from '../runtime/open-store.ts';
import { toSourcePlaces } from '../runtime/place-sources.ts';
import { startScan, watchScan } from '../runtime/run-scan.ts';
import { toEstimate, toEstimateText } from '../scan/estimate-text.ts';
import { findOpenScan } from '../scan/find-open-scan.ts';
import { toRateText } from '../scan/rate-text.ts';
import { toPublishingText, toResult, toResultText } from '../scan/scan-text.ts';
import { type Terminal, write } from '../terminal.ts';
import { toBlocks } from '../to-scope.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './define-command.ts';

type Options = {
  targets?: string[];
  targetsFile?: string[];
  /** Days. */
  due?: number;
  mergeOverlaps: boolean;
  ports: number[];
  rate?: number;
  prefixRate?: number;
  allowPrivate: boolean;
  adHoc: boolean;
  purpose?: string;
  operatorUrl?: string;
  operatorMail?: string;
  probers?: number;
  revisitDelay?: number;
  dryRun: boolean;
  detach: boolean;
  /** true: the one that is under way. */
  resume?: string | true;
  dataDir?: string;
  json: boolean;
};

const EXAMPLES = `
Examples:
  kubecensus scan --targets 10.0.0.0/16 --ports 443,6443 --allow-private --rate 500
  kubecensus scan --targets-file ranges.txt --rate 2000 --dry-run
  masscan ... -oL - | kubecensus scan --targets-file - --operator-url ...
  kubecensus scan --due 14 --allow-private
  kubecensus scan --resume

A scan of the same targets belongs to the same series; one that was interrupted goes on when it is started again.
Where another kubecensus has the data directory (kubecensus up), its services do the looking.`;

const RATE_HELP = `connects per second, all probers together; needed for public ranges, ${DEFAULT_PRIVATE_RATE} for private ones and ${DEFAULT_LOOPBACK_RATE} for loopback unless told`;

export const defineScan: DefineCommand = (command, terminal, exit) => {
  command
    .option(
      '-t, --targets <target...>',
      'addresses, address:port, prefixes, ranges; AS64500 and country:de for their IPv4 prefixes',
    )
    .option(
      '-f, --targets-file <path...>',
      'files with one of these a line, or what masscan, zmap, naabu, nmap or zgrab2 wrote; - reads standard input',
    )
    .addOption(
      new Option(
        '--due [days]',
        'known endpoints that nobody looked at for so many days (7 unless told); brings the current state up to date',
      )
        .argParser(wholeNumber(0, 36_500))
        .preset('7')
        .conflicts(['targets', 'targetsFile', 'dryRun']),
    )
    .option('--merge-overlaps', 'ranges may overlap, and addresses lie in them', false)
    .option('-p, --ports <list>', 'ports for targets that name none', parsePorts, [...DEFAULT_PORTS])
    .option('-r, --rate <n>', RATE_HELP, wholeNumber(1, MAX_RATE))
    .option(
      '--prefix-rate <n>',
      'connects per second into one /24 or /48; 20 on public ranges unless told, else no cap',
      wholeNumber(1, MAX_RATE),
    )
    .option('--allow-private', 'private ranges are yours to look at', false)
    .option(
      '--ad-hoc',
      'bring the current state up to date; opens no census (over 65,536 targets: of what answers only)',
      false,
    )
    .option('--purpose <text>', 'why, in a few words; needed for public ranges')
    .option('--operator-url <url>', 'page that says who asks; needed for public ranges')
    .option('--operator-mail <mail>', 'where the scanned can write to; needed for public ranges')
    .option('--probers <n>', 'prober processes; one per core unless told', wholeNumber(1, 64))
    .option(
      '--revisit-delay <seconds>',
      'before what the census missed is looked at again; 7200 unless told',
      wholeNumber(0, 172_800),
    )
    .option('--dry-run', 'say what it would come to; opens no store and sends nothing', false)
    .addOption(
      new Option('--detach', 'plan it, and leave it to services that run elsewhere').default(false).conflicts('dryRun'),
    )
    .addOption(
      new Option('--resume [id]', 'go on with a scan that was interrupted; the one under way unless told').conflicts([
        'targets',
        'targetsFile',
        'due',
        'rate',
        'prefixRate',
        'adHoc',
        'dryRun',
        'detach',
      ]),
    )
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'the result as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const settings = readCliConfig();
      const config = { ...settings, dataDir: options.dataDir ?? settings.dataDir };
      if (options.resume !== undefined) assertFilled(config);
      const request = options.resume === undefined ? await readRequest(options, config, terminal) : undefined;
      const onWarning = (line: string) => terminal.stderr.write(`kubecensus: ${line}\n`);
      if (request !== undefined && options.dryRun) {
        const estimate = estimateScan(request);
        await write(terminal.stdout, options.json ? toJsonLine(toEstimate(estimate)) : toEstimateText(estimate));
        return;
      }
      if (request !== undefined && options.detach) {
        const database = await openStore(config, onWarning);
        try {
          const machine = { database, proberCount: request.probers ?? 1 };
          const { scanId, resumed, ...pace } = await startScan({ machine, request, terminal, label: 'scan' });
          onWarning(toRateText(pace));
          const text = `scan ${scanId} is planned; kubecensus scans shows how far it is\n`;
          await write(terminal.stdout, options.json ? toJsonLine({ scan: scanId, resumed }) : text);
        } finally {
          await database.close();
        }
        return;
      }
      const stop = createStopSignal({
        onDrain: () =>
          terminal.stderr.write(
            'kubecensus: finishing what is under way; Ctrl-C again quits, and the same command goes on\n',
          ),
      });
      try {
        const machine = await openOrJoinMachine({
          config,
          log: createCommandLogger(terminal, config.logLevel),
          probers: options.probers,
          ...(options.revisitDelay !== undefined && { revisitDelayMs: options.revisitDelay * 1000 }),
          onWarning,
        });
        try {
          if (machine.isGuest) onWarning(`${config.dataDir} is another kubecensus's, and its services do the looking`);
          const { scanId, resumed } = await choose(machine, request, options, terminal);
          const last = await watchScan({ machine, scanId, terminal, label: 'scan', signal: stop.signal });
          if (last.state !== 'completed') exit(EXIT.incomplete);
          await write(terminal.stdout, options.json ? toJsonLine(toResult(last, resumed)) : toResultText(last));
          const where = { database: machine.database, dataDir: config.dataDir, signal: stop.signal };
          const publishing = last.state === 'completed' ? await awaitPublication(where, scanId) : undefined;
          if (publishing !== undefined) onWarning(toPublishingText(publishing));
        } finally {
          await machine.close();
        }
      } finally {
        stop.close();
      }
    });
};

type Config = ReturnType<typeof readCliConfig>;

/** @throws AddressError, KubecensusError of area SCAN: before anything is opened */
async function readRequest(options: Options, config: Config, terminal: Terminal): Promise<ScanRequest> {
  const { selection } =
    options.due === undefined ? await readGiven(options, config, terminal) : await readDue(options.due, config);
  const targets = Scope.of(toBlocks(selection, options.ports));
  const request: ScanRequest = {
    // What is due is another set each time: no series could compare it.
    kind: options.adHoc || options.due !== undefined ? 'ad-hoc' : 'census',
    targets,
    allowPrivate: options.allowPrivate,
    rate: options.rate,
    prefixRate: options.prefixRate,
    vantage: await readSourceAddresses(targets.space.addresses()),
    purpose: options.purpose,
    operator: {
      url: options.operatorUrl ?? config.operatorUrl,
      mail: options.operatorMail ?? config.operatorMail,
    },
    method: { version: VERSION, thorough: false },
    ...(options.probers !== undefined && { probers: options.probers }),
  };
  assertPermitted(request);
  return request;
}

function readGiven(options: Options, config: Config, terminal: Terminal) {
  return readSources({
    values: options.targets ?? [],
    inputs: (options.targetsFile ?? []).map((path) =>
      path === '-' ? { name: 'standard input', chunks: terminal.stdin } : fileInput(path),
    ),
    overlaps: options.mergeOverlaps ? 'merge' : 'refuse',
    places: toSourcePlaces(createPlaceTables(toTablesDirectory(config))),
  });
}

async function readDue(days: number, config: Config) {
  const store = await openFilledStore(config);
  try {
    const pool = store.pool('reader');
    const before = new Date(Date.now() - days * 86_400_000);
    const endpoints = { lookedAtBefore: (instant: Date) => selectDueEndpoints(pool, instant) };
    return await readSources({ record: { source: 'due', terms: { before }, endpoints } });
  } finally {
    await store.close();
  }
}

async function choose(
  machine: OneMachine,
  request: ScanRequest | undefined,
  { resume }: Options,
  terminal: Terminal,
): Promise<{ scanId: string; resumed: boolean }> {
  if (request !== undefined) {
    const planned = await startScan({ machine, request, terminal, label: 'scan' });
    terminal.stderr.write(`scan: ${toRateText(planned)}\n`);
    return planned;
  }
  const scanId = await findOpenScan(machine.database.pool('reader'), typeof resume === 'string' ? resume : undefined);
  return { scanId, resumed: true };
}
