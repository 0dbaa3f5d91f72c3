import { randomBytes } from 'node:crypto';
import {
  createPageReader,
  createResolver,
  insertClaim,
  LABEL,
  listClaims,
  type ProvedClaim,
  proveClaims,
  type RangeClaim,
  TOKEN_PATH,
  toOnlyAddress,
  toReverseZones,
} from '@kubecensus/api';
import { formatRange, parseRange } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import { KubecensusError } from '@kubecensus/shared/errors';
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { wholeNumber } from '../options.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toSafeText } from '../output/safe-text.ts';
import { toTable } from '../output/table.ts';
import { type Terminal, write } from '../terminal.ts';

type Shared = {
  terminal: Terminal;
  exit: (code: ExitCode) => void;
  withStore: (dataDir: string | undefined, use: (store: Database) => Promise<void>) => Promise<void>;
};
type Options = { dataDir?: string; json: boolean };

/** The commands by which an owner's ranges are claimed and proved. */
export function addClaimCommands(keys: Command, { terminal, exit, withStore }: Shared): void {
  keys
    .command('claim')
    .description('a range that an owner says is its own: prints the token that proves it, and where it goes')
    .argument('<number>', "of the owner's key", wholeNumber(1, 2 ** 31 - 1))
    .argument('<range>', 'address, prefix or range')
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'the claim as JSON', false)
    .action(async (keyId: number, text: string, { dataDir, json }: Options) => {
      const range = parseRange(text);
      if (toOnlyAddress(range) === undefined && toReverseZones(range) === undefined) {
        throw new KubecensusError(
          'OWNER_RANGE_UNPROVABLE',
          `${formatRange(range)} lies in too many reverse zones; claim its /24s or /48s one by one`,
        );
      }
      await withStore(dataDir, async (store) => {
        const token = `kubecensus-owner-${randomBytes(24).toString('base64url')}`;
        const claim = await insertClaim(store.pool('owner'), { keyId, range: formatRange(range), token });
        if (claim === undefined) {
          terminal.stderr.write(
            `kubecensus: there is no owner's key ${keyId} in force; kubecensus keys list shows them\n`,
          );
          exit(EXIT.usage);
          return;
        }
        await write(terminal.stdout, json ? toJsonLine(claim) : toClaimText(claim));
      });
    });

  keys
    .command('claims')
    .description('the claims of owners, and how far they are proved')
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'one JSON object per claim', false)
    .action(async ({ dataDir, json }: Options) => {
      await withStore(dataDir, async (store) => {
        const claims = await listClaims(store.pool('reader'));
        const table = toTable(claims, [
          { title: 'key', value: ({ keyId }) => keyId, align: 'right' },
          { title: 'range', value: ({ range }) => range },
          { title: 'proved', value: ({ provedAt }) => provedAt?.toISOString().slice(0, 10) ?? 'never' },
          { title: 'by', value: ({ provedBy }) => provedBy ?? '' },
          { title: 'holds until', value: ({ provedUntil }) => provedUntil?.toISOString().slice(0, 10) ?? '' },
          { title: 'last problem', value: ({ problem }) => toSafeText(problem ?? '') },
        ]);
        await write(terminal.stdout, json ? claims.map(toJsonLine).join('') : `${table}\n`);
      });
    });

  keys
    .command('prove')
    .description('look at the claims now; kubecensus up does it each day')
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'one JSON object per claim', false)
    .action(async ({ dataDir, json }: Options) => {
      await withStore(dataDir, async (store) => {
        const world = { resolver: createResolver(), readPage: createPageReader() };
        const looked = await proveClaims(store.pool('owner'), world, { all: true });
        if (looked.some(({ outcome }) => 'problems' in outcome)) exit(EXIT.failed);
        await write(terminal.stdout, looked.map((one) => (json ? toJsonLine(one) : toProvedText(one))).join(''));
      });
    });
}

function toClaimText({ range: text, token }: RangeClaim): string {
  const range = parseRange(text);
  const zones = toReverseZones(range) ?? [];
  const address = toOnlyAddress(range);
  const ways = [
    ...(zones.length > 0 ? [`TXT at ${zones.map((zone) => `${LABEL}.${zone}`).join(', and at ')}`] : []),
    ...(address === undefined
      ? []
      : [
          `TXT at ${LABEL}.HOST, where HOST is what the PTR of ${address} names and has that address itself`,
          `http://${address.includes(':') ? `[${address}]` : address}${TOKEN_PATH}, a line of its own`,
        ]),
  ];
  return `${token}\n\nPut it at one of these places, and leave it there; kubecensus keys prove looks:\n${ways.map((way) => `  ${way}\n`).join('')}`;
}

function toProvedText({ keyId, range, outcome }: ProvedClaim): string {
  const came =
    'proof' in outcome ? `proved by ${outcome.proof}` : `not proved: ${toSafeText(outcome.problems.join('; '))}`;
  return `key ${keyId}, ${range}: ${came}\n`;
}
