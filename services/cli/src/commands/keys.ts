import { createKeyText, insertKey, listKeys, revokeKey, toKeyHash } from '@kubecensus/api';
import { parseRange } from '@kubecensus/shared/addresses';
import { InvalidArgumentError } from 'commander';
import { readCliConfig } from '../config.ts';
import { EXIT } from '../exit-codes.ts';
import { addClaimCommands } from '../keys/claim-commands.ts';
import { wholeNumber } from '../options.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toSafeText } from '../output/safe-text.ts';
import { toTable } from '../output/table.ts';
import { openStore } from '../runtime/open-store.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Role = 'owner' | 'researcher' | 'admin';
type Options = { dataDir?: string };
type AddOptions = Options & { role: Role; label: string; range: string[]; days: number };

const DAY_MS = 86_400_000;

const EXAMPLES = `
Examples:
  kubecensus keys add --role researcher --label 'University of ...'
  kubecensus keys add --role owner --label 'Example Ltd' --range 203.0.113.0/24 --days 90
  kubecensus keys claim 3 203.0.113.0/24
  kubecensus keys prove
  kubecensus keys revoke 3

An owner sees its own ranges alone: those that you give with --range, on your word, and those that it claims and proves.`;

export const defineKeys: DefineCommand = (command, terminal, exit) => {
  const keys = command.addHelpText('after', EXAMPLES);
  const withStore = async (
    dataDir: string | undefined,
    use: (store: Awaited<ReturnType<typeof openStore>>) => Promise<void>,
  ) => {
    const config = readCliConfig();
    const store = await openStore({ ...config, dataDir: dataDir ?? config.dataDir });
    try {
      await use(store);
    } finally {
      await store.close();
    }
  };

  keys
    .command('add')
    .description('make a key; it is shown once, and only its hash is kept')
    .requiredOption('--role <role>', 'researcher (free questions), owner (its ranges), admin', toRole)
    .requiredOption('--label <text>', 'whose it is')
    .option('--range <range...>', 'of an owner: ranges that are its own, on your word; others it claims and proves', [])
    .option('--days <n>', 'until it expires', wholeNumber(1, 3650), 365)
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .action(async ({ role, label, range, days, dataDir }: AddOptions) => {
      for (const one of range) parseRange(one);
      const key = createKeyText();
      const hash = toKeyHash(key);
      if (hash === undefined) throw new Error('a new key has no hash');
      const expiresAt = new Date(Date.now() + days * DAY_MS);
      await withStore(dataDir, async (store) => {
        const { keyId } = await insertKey(store.pool('owner'), { hash, role, label, ranges: range, expiresAt });
        terminal.stderr.write(
          `kubecensus: key ${keyId}, until ${expiresAt.toISOString().slice(0, 10)}; it is not shown again\n`,
        );
        await write(terminal.stdout, `${key}\n`);
      });
    });

  addClaimCommands(keys, { terminal, exit, withStore });

  keys
    .command('list')
    .description('the keys that were made, without the keys themselves')
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'one JSON object per key', false)
    .action(async ({ dataDir, json }: Options & { json: boolean }) => {
      await withStore(dataDir, async (store) => {
        const rows = await listKeys(store.pool('reader'));
        const table = toTable(rows, [
          { title: 'key', value: ({ keyId }) => keyId, align: 'right' },
          { title: 'role', value: ({ role }) => role },
          { title: 'until', value: ({ expiresAt }) => expiresAt.toISOString().slice(0, 10) },
          { title: 'revoked', value: ({ revokedAt }) => revokedAt?.toISOString().slice(0, 10) ?? '' },
          { title: 'label', value: ({ label }) => toSafeText(label) },
          { title: 'ranges', value: ({ ranges }) => ranges.join(', ') },
        ]);
        await write(terminal.stdout, json ? rows.map(toJsonLine).join('') : `${table}\n`);
      });
    });

  keys
    .command('revoke')
    .description('end a key at once')
    .argument('<number>', 'of the key', wholeNumber(1, 2 ** 31 - 1))
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .action(async (keyId: number, { dataDir }: Options) => {
      await withStore(dataDir, async (store) => {
        if (await revokeKey(store.pool('owner'), keyId)) return;
        terminal.stderr.write(`kubecensus: there is no key ${keyId} in force; kubecensus keys list shows them\n`);
        exit(EXIT.usage);
      });
    });
};

function toRole(text: string): Role {
  if (text === 'owner' || text === 'researcher' || text === 'admin') return text;
  throw new InvalidArgumentError('give researcher, owner or admin.');
}
