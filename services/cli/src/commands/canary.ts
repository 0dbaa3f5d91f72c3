import { componentOfPort } from '@kubecensus/prober';
import { addCanary, type CanaryRow, listCanaries, removeCanary } from '@kubecensus/seeder';
import { formatTarget, parseAddress } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import { KubecensusError } from '@kubecensus/shared/errors';
import { COMPONENTS, type Component } from '@kubecensus/shared/vocabulary';
import { Option } from 'commander';
import { readCliConfig } from '../config.ts';
import { wholeNumber } from '../options.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toTable } from '../output/table.ts';
import { openFilledStore, openStore } from '../runtime/open-store.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';
import { readTarget } from './explain.ts';

type Options = { component?: Component; note: string; dataDir?: string; json: boolean };

const EXAMPLES = `
Examples:
  kubecensus canary add 192.0.2.7:6443 --note 'our own, Frankfurt'
  kubecensus canary list
  kubecensus canary remove 1

A canary is an endpoint of your own that always answers. Probers look at it between the targets of every shard, and each
census states how many of these looks found it: what it missed of them, it missed of the others too.`;

export const defineCanary: DefineCommand = (command, terminal) => {
  const canary = command.addHelpText('after', EXAMPLES);
  canary
    .command('add')
    .description('use an endpoint of your own from the next shard on')
    .argument('<address:port>', 'where it answers')
    .addOption(new Option('--component <name>', 'what it is; by its port unless told').choices(COMPONENTS))
    .option('--note <text>', 'for yourself', '')
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'the canary as JSON', false)
    .action(async (text: string, { component, note, dataDir, json }: Options) => {
      const { address, port } = readTarget(text);
      if (port === undefined) {
        throw new KubecensusError(
          'ADDRESS_PORT',
          `"${text}" has no port; write ${formatTarget(parseAddress(address), 6443)}`,
        );
      }
      const added = await withStore(openStore, dataDir, (store) =>
        addCanary(
          store.pool('writer'),
          { address: parseAddress(address), port },
          component ?? componentOfPort(port),
          note,
        ),
      );
      await write(terminal.stdout, json ? toJsonLine(added) : `canary ${added.canaryId}: ${toText(added)}\n`);
    });
  canary
    .command('list')
    .description('those in use')
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'one JSON object per canary', false)
    .action(async ({ dataDir, json }: Options) => {
      const rows = await withStore(openFilledStore, dataDir, (store) => listCanaries(store.pool('reader')));
      if (json) for (const row of rows) await write(terminal.stdout, toJsonLine(row));
      else if (rows.length > 0) await write(terminal.stdout, `${toCanaryTable(rows)}\n`);
      else terminal.stderr.write('kubecensus: there is no canary\n');
    });
  canary
    .command('remove')
    .description('use it no more')
    .argument('<number>', 'as canary list shows it', wholeNumber(1, 2 ** 31 - 1))
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .action(async (id: number, { dataDir }: Options) => {
      if (await withStore(openFilledStore, dataDir, (store) => removeCanary(store.pool('writer'), id))) return;
      throw new KubecensusError(
        'CANARY_UNKNOWN',
        `no canary in use has the number ${id}; see those that there are with \`kubecensus canary list\``,
      );
    });
};

async function withStore<T>(
  open: typeof openStore,
  dataDir: string | undefined,
  use: (store: Database) => Promise<T>,
): Promise<T> {
  const config = readCliConfig();
  const store = await open({ ...config, dataDir: dataDir ?? config.dataDir });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

function toText({ address, port, component }: CanaryRow): string {
  return `${formatTarget(parseAddress(address), port)}, ${component}`;
}

function toCanaryTable(rows: readonly CanaryRow[]): string {
  return toTable(rows, [
    { title: 'id', value: (row) => row.canaryId, align: 'right' },
    { title: 'endpoint', value: (row) => formatTarget(parseAddress(row.address), row.port) },
    { title: 'component', value: (row) => row.component },
    { title: 'since', value: (row) => row.addedAt.toISOString().slice(0, 10) },
    { title: 'note', value: (row) => row.note },
  ]);
}
