import { describeScan } from '@kubecensus/api';
import { COMPONENT_DEFINITIONS } from '@kubecensus/prober';
import { abortScan, assertPermitted, MAX_RATE, readSources, type ScanRequest } from '@kubecensus/seeder';
import { formatAddress, Scope } from '@kubecensus/shared/addresses';
import { KubecensusError } from '@kubecensus/shared/errors';
import { createStopSignal } from '@kubecensus/shared/lifecycle';
import { createPlaceTables, toTablesDirectory } from '@kubecensus/shared/tables';
import { isFound, toCheckedTarget, toCheckText, toVantageText } from '../check/check-report.ts';
import { readVantage, type Vantage } from '../check/source-address.ts';
import { readCliConfig } from '../config.ts';
import { EXIT } from '../exit-codes.ts';
import { parsePorts, wholeNumber } from '../options.ts';
import { toJsonLine } from '../output/json-line.ts';
import { createCommandLogger } from '../output/person-log.ts';
import { openOrJoinMachine } from '../runtime/one-machine.ts';
import { toSourcePlaces, toSourcesText } from '../runtime/place-sources.ts';
import { runScan } from '../runtime/run-scan.ts';
import { write } from '../terminal.ts';
import { toBlocks } from '../to-scope.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './define-command.ts';

/** Targets of one check; more is a scan, whose findings are counted and not told one by one. */
const MAX_CHECK_TARGETS = 65_536;
/** Addresses whose routes are looked up to say from where it was looked. */
const MAX_VANTAGES = 256;
/** Slow enough for the smallest firewall; a /28 on all ports takes five seconds. */
const CHECK_RATE = 50;

type Options = {
  ports?: number[];
  rate: number;
  allowPrivate: boolean;
  purpose: string;
  operatorUrl?: string;
  operatorMail?: string;
  all: boolean;
  dataDir?: string;
  json: boolean;
};

const EXAMPLES = `
Examples:
  kubecensus check 127.0.0.1
  kubecensus check 10.0.0.0/28 --allow-private
  kubecensus check 127.0.0.1:6443 --json | jq .close

A check looks at your own addresses as any scan would, and nothing more: it belongs to no census, and brings the current
state up to date. It ends with 1 where something is exposed, and with 3 where not everything was looked at.`;

export const defineCheck: DefineCommand = (command, terminal, exit) => {
  command
    .argument('<target...>', 'address, address:port, prefix or range')
    .option('-p, --ports <list>', 'ports for targets that name none; those of every component unless told', parsePorts)
    .option('-r, --rate <n>', 'connects per second', wholeNumber(1, MAX_RATE), CHECK_RATE)
    .option('--allow-private', 'private ranges are yours to look at', false)
    .option('--purpose <text>', 'why, in a few words', 'check of own addresses')
    .option('--operator-url <url>', 'page that says who asks; needed for public ranges')
    .option('--operator-mail <mail>', 'where the scanned can write to; needed for public ranges')
    .option('--all', 'also targets where nothing of Kubernetes is', false)
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'one JSON object per target', false)
    .addHelpText('after', EXAMPLES)
    .action(async (values: string[], options: Options) => {
      const settings = readCliConfig();
      const config = { ...settings, dataDir: options.dataDir ?? settings.dataDir };
      const places = createPlaceTables(toTablesDirectory(config));
      const { selection } = await readSources({ values, overlaps: 'merge', places: toSourcePlaces(places) });
      const targets = Scope.of(toBlocks(selection, options.ports ?? allPorts()));
      const request: ScanRequest = {
        kind: 'check',
        targets,
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
      assertSmall(targets.size);
      const vantages = await readVantages(targets);
      const say = (line: string) => terminal.stderr.write(`kubecensus: ${line}\n`);
      const stop = createStopSignal({ onDrain: () => say('finishing what is under way; Ctrl-C again quits at once') });
      try {
        const machine = await openOrJoinMachine({
          config,
          log: createCommandLogger(terminal, config.logLevel),
          probers: 1,
          onWarning: say,
        });
        try {
          const vantage = [...new Set([...vantages.values()].flatMap(({ source }) => source ?? []))];
          const run = await runScan({
            machine,
            terminal,
            label: 'check',
            signal: stop.signal,
            request: { ...request, vantage },
          });
          const records = await describeScan(machine.database.pool('reader'), run.planned.scanId);
          const shown = records.filter((record) => options.all || isFound(record));
          const now = new Date();
          let isExposed = false;
          const tables = await places.current();
          for (const record of shown) {
            const checked = toCheckedTarget(record, now, isFound(record) ? tables.findText(record.address) : {});
            const seenFrom = vantages.get(record.address) ?? { source: undefined, inside: undefined };
            const line = { ...checked, source: seenFrom.source ?? null, inside: seenFrom.inside ?? null };
            await write(terminal.stdout, options.json ? toJsonLine(line) : toCheckText(checked));
            isExposed ||= checked.isExposed;
          }
          const found = records.filter(isFound).length;
          say(`${run.last.lookedAt} targets looked at, ${found} of Kubernetes`);
          for (const line of toVantageText(vantages)) say(line);
          if (shown.some(({ address }) => Object.keys(tables.findText(address)).length > 0)) say(toSourcesText(tables));
          if (!run.completed) {
            // Nobody waits for the rest of it, and no later command is to look at it unasked.
            await abortScan(machine.database.pool('writer'), run.planned.scanId);
            say(`ended early, with ${run.last.targetCount - run.last.lookedAt} targets not looked at`);
          }
          const leftOut = targets.size - run.last.targetCount;
          if (leftOut > 0) say(`${leftOut} targets are excluded, or special-purpose, and were not looked at`);
          if (isExposed) exit(EXIT.failed);
          else if (!run.completed) exit(EXIT.incomplete);
        } finally {
          await machine.close();
        }
      } finally {
        stop.close();
      }
    });
};

function allPorts(): number[] {
  return [...new Set(Object.values(COMPONENT_DEFINITIONS).flatMap(({ ports }) => ports))].sort((a, b) => a - b);
}

function assertSmall(size: number): void {
  if (size <= MAX_CHECK_TARGETS) return;
  throw new KubecensusError(
    'CHECK_TOO_LARGE',
    `${size} targets are more than the ${MAX_CHECK_TARGETS} of one check; give fewer addresses or --ports, or take a census with kubecensus scan`,
  );
}

async function readVantages(targets: Scope): Promise<Map<string, Vantage>> {
  const vantages = new Map<string, Vantage>();
  const addresses = targets.space.addresses();
  for (let nth = 0; nth < Math.min(MAX_VANTAGES, Number(addresses.size)); nth += 1) {
    const address = addresses.nth(nth);
    vantages.set(formatAddress(address), await readVantage(address));
  }
  return vantages;
}
