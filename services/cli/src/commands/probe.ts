import { hostname } from 'node:os';
import { COMPONENT_DEFINITIONS, createProbe } from '@kubecensus/prober/probe';
import { DEFAULT_LOOPBACK_RATE, DEFAULT_PRIVATE_RATE } from '@kubecensus/seeder/permission';
import { createStopSignal } from '@kubecensus/shared/lifecycle';
import { COMPONENTS, type Component } from '@kubecensus/shared/vocabulary';
import { toZgrabLine } from '@kubecensus/shared/zgrab';
import { Option } from 'commander';
import { readCliConfig } from '../config.ts';
import { EXIT } from '../exit-codes.ts';
import { DEFAULT_PORTS, parsePorts, wholeNumber } from '../options.ts';
import { toSafeLine } from '../output/json-line.ts';
import { createLineWriter } from '../output/line-writer.ts';
import { createJournal, type Journal } from '../probe/journal.ts';
import { permittedTargets, type TargetBatch } from '../probe/permitted-targets.ts';
import { probeTargets } from '../probe/probe-targets.ts';
import { createSkippedLines } from '../probe/skipped-lines.ts';
import { toRateText } from '../scan/rate-text.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './define-command.ts';

type Options = {
  ports?: number[];
  component: Component;
  classify: boolean;
  rate?: number;
  concurrency: number;
  allowPrivate: boolean;
  thorough: boolean;
  purpose?: string;
  journal?: string;
  operatorUrl?: string;
  operatorMail?: string;
};

const EXAMPLES = `
Examples:
  kubecensus probe 127.0.0.1:6443
  kubecensus probe --classify 127.0.0.1:6443 | jq '.data["kube-apiserver"].fingerprint'
  kubecensus probe --component kubelet 10.0.0.0/24 --allow-private
  kubecensus probe --ports 6443,8443 10.0.0.0/24 --allow-private
  zmap -p 6443 ... | kubecensus probe --ports 6443 - | jq 'select(.data["kube-apiserver"].status == "success")'

Ports unless told: ${DEFAULT_PORTS.join(' and ')} for kube-apiserver, the component's own for every other.
--classify adds data.<component>.fingerprint and data.<component>.exposure to each line with a finding.
A line of standard input that is no target, or may not be looked at, is told and skipped; the exit code is then 3.`;

const RATE_HELP = `connects per second; needed for public ranges, ${DEFAULT_PRIVATE_RATE} for private ones and ${DEFAULT_LOOPBACK_RATE} for loopback unless told`;

/** No database: targets in, one JSON line for each out, in the shape of zgrab2's. */
export const defineProbe: DefineCommand = (command, terminal, exit) => {
  command
    .argument('<target...>', 'address, address:port, prefix or range; - reads them from standard input')
    .option('-p, --ports <list>', 'ports for targets that name none', parsePorts)
    .addOption(
      new Option('--component <name>', 'which part of Kubernetes to look for')
        .choices(COMPONENTS)
        .default('kube-apiserver' satisfies Component),
    )
    .option('--classify', 'say of each finding what it is, by which rules, and how exposed', false)
    .option('-r, --rate <n>', RATE_HELP, wholeNumber(1, 1_000_000))
    .option('-c, --concurrency <n>', 'targets under way at a time', wholeNumber(1, 16_000), 1000)
    .option('--thorough', 'ask every TLS answer, not only those with evidence of the component', false)
    .option('--allow-private', 'private ranges are yours to look at', false)
    .option('--purpose <text>', 'why, in a few words; needed for public ranges')
    .option('--journal <file>', 'append every connect to this file; needed for public ranges, see kubecensus touches')
    .option('--operator-url <url>', 'page that says who asks; needed for public ranges')
    .option('--operator-mail <mail>', 'where the scanned can write to; needed for public ranges')
    .addHelpText('after', EXAMPLES)
    .action(async (values: string[], options: Options) => {
      const config = readCliConfig();
      const { url, mail } = {
        url: options.operatorUrl ?? config.operatorUrl,
        mail: options.operatorMail ?? config.operatorMail,
      };
      const input = values.includes('-') ? { name: 'standard input', chunks: terminal.stdin } : undefined;
      const say = (line: string) => terminal.stderr.write(`kubecensus: ${line}\n`);
      const skipped = createSkippedLines(say);
      const targets = permittedTargets(
        {
          ...options,
          ports: options.ports ?? defaultPorts(options.component),
          operator: { url, mail },
          onSkipped: skipped.note,
        },
        values.filter((value) => value !== '-'),
        input,
      );
      const classify = options.classify ? (await loadRules()).classifyObservation : undefined;
      const stop = createStopSignal({
        onDrain: () => {
          terminal.stdin.destroy();
          void probe.close();
        },
      });
      let pace: Pick<TargetBatch, 'rate' | 'rateOrigin'> | undefined;
      const journal = toJournal(options, { url, mail }, () => pace?.rate);
      const probe = createProbe({
        operator: toOperator(url),
        version: VERSION,
        mayConnect: (address, port) => journal?.note(address, port) ?? true,
        thorough: options.thorough,
      });
      const lines = createLineWriter(terminal.stdout);
      let written = 0;
      try {
        const { lookedAt, takenBack } = await probeTargets(targets, {
          probe,
          component: options.component,
          concurrency: options.concurrency,
          // Nobody is dialled for a reader that went away.
          signal: AbortSignal.any([stop.signal, lines.closed]),
          hold: lines.hold,
          onBatch: ({ rate, rateOrigin }) => {
            if (pace?.rate !== rate) say(toRateText({ rate, rateOrigin }));
            pace = { rate, rateOrigin };
          },
          onTrouble: ({ systemCode }) => {
            say(
              `${systemCode}: this machine has no room for so many at once; going on with fewer (ulimit -n, --concurrency)`,
            );
          },
          onObservation: (observation) => {
            journal?.assertWritable();
            lines.write(toSafeLine(toZgrabLine(observation, classify?.(observation))));
            written += 1;
          },
        });
        if (stop.signal.aborted) {
          say(`ended early: lines written for ${lookedAt} targets; left half-way: ${takenBack}`);
        }
        skipped.tellCount();
        if (stop.signal.aborted || skipped.count() > 0) exit(EXIT.incomplete);
      } catch (caught) {
        // What was looked at before the failure stands.
        if (written > 0) say(`ended early: lines written for ${written} targets`);
        throw caught;
      } finally {
        lines.flush();
        await probe.close();
        stop.close();
        journal?.close();
      }
    });
};

function toJournal(
  { journal, component, purpose }: Options,
  operator: { url: string | undefined; mail: string | undefined },
  toRate: () => number | undefined,
): Journal | undefined {
  if (journal === undefined) return undefined;
  const { url: operatorUrl, mail: operatorMail } = operator;
  return createJournal(journal, () => ({
    version: VERSION,
    component,
    operatorUrl,
    operatorMail,
    purpose,
    rate: toRate(),
  }));
}

/** The rules of all distributions: only who asks for verdicts waits for them. */
function loadRules(): Promise<typeof import('../probe/classify-observation.ts')> {
  return import('../probe/classify-observation.ts');
}

function defaultPorts(component: Component): readonly number[] {
  return component === 'kube-apiserver' ? DEFAULT_PORTS : COMPONENT_DEFINITIONS[component].ports;
}

/** In the lab nobody needs a contact; the page of the project itself says what the request is. */
function toOperator(url: string | undefined): { url: string; name: string } {
  return url === undefined ? { url: 'urn:kubecensus:lab', name: hostname() } : { url, name: new URL(url).hostname };
}
