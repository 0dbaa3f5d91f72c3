import { describeAddress } from '@kubecensus/api';
import { formatAddress, parseTargetLine } from '@kubecensus/shared/addresses';
import { KubecensusError } from '@kubecensus/shared/errors';
import { toRemedyLines } from '@kubecensus/shared/kubernetes';
import { toVersionStanding } from '../check/freshness-text.ts';
import { readCliConfig } from '../config.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toExplainText } from '../owners/explain-text.ts';
import { openFilledStore } from '../runtime/open-store.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = { dataDir?: string; json: boolean };

const EXAMPLES = `
Examples:
  kubecensus explain 127.0.0.1
  kubecensus explain 127.0.0.1:6443 --json | jq .verdict

It asks the record alone and sends nothing; kubecensus check looks now.`;

export const defineExplain: DefineCommand = (command, terminal) => {
  command
    .argument('<address>', 'address, or address:port')
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'one JSON object per endpoint', false)
    .addHelpText('after', EXAMPLES)
    .action(async (text: string, { dataDir, json }: Options) => {
      const { address, port } = readTarget(text);
      const config = readCliConfig();
      const store = await openFilledStore({ ...config, dataDir: dataDir ?? config.dataDir });
      try {
        const records = await describeAddress(store.pool('reader'), address, port);
        const now = new Date();
        for (const record of records) {
          const { verdict, component } = record;
          const standing = verdict === null ? null : (toVersionStanding(verdict, component, now) ?? null);
          const close = verdict === null ? [] : toRemedyLines({ ...record, ...verdict });
          const text = json ? toJsonLine({ ...record, standing, close }) : toExplainText(record, now);
          await write(terminal.stdout, text);
        }
        if (records.length > 0) return;
        terminal.stderr.write(
          `kubecensus: the record has no endpoint at ${text}; kubecensus touches ${address} says whether it was looked at\n`,
        );
      } finally {
        await store.close();
      }
    });
};

/** @throws AddressError; KubecensusError where it is a range */
export function readTarget(text: string): { address: string; port: number | undefined } {
  const line = parseTargetLine(text);
  if (line === undefined || line.range.first !== line.range.last) {
    throw new KubecensusError('ADDRESS_MALFORMED', `"${text}" is not one address; write it alone, or with its port`);
  }
  const { range, port } = line;
  const address =
    range.family === 4
      ? formatAddress({ family: 4, value: range.first })
      : formatAddress({ family: 6, value: range.first });
  return { address, port };
}
