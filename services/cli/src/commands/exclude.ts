import { readFile, stat } from 'node:fs/promises';
import { type AddressRange, formatRange, parseRange } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import { parsePeriod } from '@kubecensus/shared/dates';
import { KubecensusError, toError } from '@kubecensus/shared/errors';
import { type ExclusionRow, endExclusions, insertExclusion, listExclusions } from '@kubecensus/shared/exclusions';
import { type Command, InvalidArgumentError } from 'commander';
import { readCliConfig } from '../config.ts';
import { EXIT } from '../exit-codes.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toTable } from '../output/table.ts';
import { type Excluded, toReceipt } from '../owners/exclusion-receipt.ts';
import { ROWS_STAY, removeStoredRows } from '../owners/remove-stored-rows.ts';
import { isSignatureGood, MAX_DOCUMENT_BYTES, parseSignedDocument, signDocument } from '../owners/signed-document.ts';
import { readOrCreateSigningKey, readSigningKey, toKeyFingerprint } from '../owners/signing-key.ts';
import { toHistoryDirectory } from '../runtime/history-directory.ts';
import { openFilledStore, openStore } from '../runtime/open-store.ts';
import { type Terminal, write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type AddOptions = { until?: Date; reason: string; by?: string; purge: boolean; dataDir?: string; json: boolean };
type Options = { all: boolean; dataDir?: string; json: boolean };

const EXAMPLES = `
Examples:
  kubecensus exclude add 192.0.2.0/24 --by noc@owner.example --reason 'asked by mail' > receipt.json
  kubecensus exclude add 2001:db8::/32 --until 2027-06-30 --purge
  kubecensus exclude list
  kubecensus exclude remove 192.0.2.0/24
  kubecensus exclude verify receipt.json

An exclusion acts at once, in scans that are under way too, and also on IPv6 addresses that carry an excluded IPv4 one.`;

export const defineExclude: DefineCommand = (command, terminal, exit) => {
  const exclude = command.addHelpText('after', EXAMPLES);
  defineAdd(exclude, terminal);
  defineList(exclude, terminal);
  defineRemove(exclude, terminal);
  exclude
    .command('verify')
    .description('check the signature of a receipt; exit 1 where it is not good, or of another key')
    .argument('<file>', 'as exclude add printed it')
    .option('--data-dir <dir>', 'data directory whose key must have signed')
    .option('--json', 'the verdict as JSON', false)
    .action(async (file: string, { dataDir, json }: Options) => {
      const document = parseSignedDocument(await readDocument(file), file);
      const own = await readSigningKey(dataDir ?? readCliConfig().dataDir);
      const isGood = isSignatureGood(document);
      const isOurs = own?.publicKey === document.publicKey;
      const key = toKeyFingerprint(document.publicKey);
      if (!isGood || !isOurs) exit(EXIT.failed);
      const verdict = isGood
        ? `good, by ${isOurs ? 'the key of this data directory' : 'a key that is not the one of this data directory'}`
        : 'bad: what it says was not signed by the key that it names';
      await write(terminal.stdout, json ? toJsonLine({ file, isGood, isOurs, key }) : `${file}: ${verdict} (${key})\n`);
    });
};

function defineAdd(exclude: Command, terminal: Terminal): void {
  exclude
    .command('add')
    .description('exclude ranges from now on; prints a signed receipt')
    .argument('<range...>', 'address, prefix or range')
    .option('--until <date>', 'the last day, such as 2027-06-30; without end unless told', toLaterInstant)
    .option('--reason <text>', 'why', 'opt-out')
    .option('--by <whom>', 'who asked for it')
    .option('--purge', 'remove what is stored of them, as a new revision of what is published', false)
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'the receipt on one line', false)
    .action(async (texts: string[], { until, reason, by, purge, dataDir, json }: AddOptions) => {
      const ranges = texts.map((text) => parseRange(text));
      const terms = { validUntil: until, reason, requestedBy: by };
      const excluded: Excluded[] = [];
      await withStore(openStore, dataDir, terminal, async (store, directory) => {
        const key = await readOrCreateSigningKey(directory);
        const pools = { writer: store.pool('writer'), reader: store.pool('reader') };
        for (const range of ranges) {
          const { exclusionId, validFrom } = await insertExclusion(pools.writer, { range, ...terms });
          terminal.stderr.write(`kubecensus: ${formatRange(range)} is excluded (${exclusionId})\n`);
          excluded.push({ id: exclusionId, range, validFrom, storedRows: ROWS_STAY });
        }
        if (purge) {
          for (const one of excluded) {
            one.storedRows = await removeStoredRows(pools, toHistoryDirectory(directory), one.range);
            const { endpoints, openScans, note } = one.storedRows;
            const rows = `${endpoints} endpoints of ${formatRange(one.range)} are removed`;
            terminal.stderr.write(`kubecensus: ${rows}${openScans.length > 0 ? `; ${note}` : ''}\n`);
          }
        }
        const receipt = signDocument(toReceipt(excluded, terms, new Date()), key);
        await write(terminal.stdout, json ? toJsonLine(receipt) : `${JSON.stringify(receipt, null, 2)}\n`);
      });
    });
}

function defineList(exclude: Command, terminal: Terminal): void {
  exclude
    .command('list')
    .description('what is excluded now or later')
    .option('--all', 'the ended ones too', false)
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'one JSON object per exclusion', false)
    .action(async ({ all, dataDir, json }: Options) => {
      const rows = await withStore(openFilledStore, dataDir, terminal, (store) =>
        listExclusions(store.pool('reader'), { all }),
      );
      if (json) {
        for (const { firstAddress, lastAddress, ...row } of rows) {
          await write(terminal.stdout, toJsonLine({ range: toText({ firstAddress, lastAddress }), ...row }));
        }
      } else if (rows.length > 0) await write(terminal.stdout, `${toExclusionTable(rows)}\n`);
      else terminal.stderr.write('kubecensus: nothing is excluded\n');
    });
}

function defineRemove(exclude: Command, terminal: Terminal): void {
  exclude
    .command('remove')
    .description('end exclusions: their range may be looked at again; that they were is kept')
    .argument('<range or number...>', 'exactly as exclude list shows it')
    .option('--data-dir <dir>', 'data directory')
    .option('--json', 'one JSON object per ended exclusion', false)
    .action(async (texts: string[], { dataDir, json }: Options) => {
      const which = texts.map((text): [string, number | AddressRange] =>
        /^\d{1,9}$/.test(text) ? [text, Number(text)] : [text, parseRange(text)],
      );
      await withStore(openFilledStore, dataDir, terminal, async (store) => {
        for (const [text, one] of which) {
          const ended = await endExclusions(store.pool('writer'), one);
          if (ended.length === 0) {
            throw new KubecensusError(
              'EXCLUSION_UNKNOWN',
              `no exclusion in force has the ${typeof one === 'number' ? 'number' : 'range'} ${text}; see those that there are with \`kubecensus exclude list\``,
            );
          }
          for (const id of ended) {
            await write(terminal.stdout, json ? toJsonLine({ id, ended: true }) : `exclusion ${id} is ended\n`);
          }
        }
      });
    });
}

async function withStore<T>(
  open: typeof openStore,
  dataDir: string | undefined,
  terminal: Terminal,
  use: (store: Database, dataDir: string) => Promise<T>,
): Promise<T> {
  const settings = readCliConfig();
  const config = { ...settings, dataDir: dataDir ?? settings.dataDir };
  const store = await open(config, (line) => terminal.stderr.write(`kubecensus: ${line}\n`));
  try {
    return await use(store, config.dataDir);
  } finally {
    await store.close();
  }
}

function toLaterInstant(text: string): Date {
  const date = parsePeriod(text)?.last;
  if (date !== undefined && date.getTime() > Date.now()) return date;
  throw new InvalidArgumentError('give a date that is yet to come, such as 2027-06-30.');
}

async function readDocument(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MAX_DOCUMENT_BYTES) throw new RangeError(`it has ${size} bytes, and no receipt is as long`);
    return await readFile(file, 'utf8');
  } catch (caught) {
    throw new KubecensusError(
      'RECEIPT_UNREADABLE',
      `${file} cannot be read (${toError(caught).message}); give the file as \`exclude add\` printed it`,
      { cause: caught },
    );
  }
}

function toText({ firstAddress, lastAddress }: Pick<ExclusionRow, 'firstAddress' | 'lastAddress'>): string {
  return formatRange(parseRange(firstAddress === lastAddress ? firstAddress : `${firstAddress}-${lastAddress}`));
}

function toExclusionTable(rows: readonly ExclusionRow[]): string {
  return toTable(rows, [
    { title: 'id', value: (row) => row.exclusionId, align: 'right' },
    { title: 'range', value: toText },
    { title: 'since', value: (row) => row.validFrom.toISOString().slice(0, 16).replace('T', ' ') },
    { title: 'until', value: (row) => row.validUntil?.toISOString().slice(0, 16).replace('T', ' ') ?? '-' },
    { title: 'by', value: (row) => toJsonText(row.requestedBy ?? '-') },
    { title: 'reason', value: (row) => toJsonText(row.reason) },
  ]);
}

/** Somebody else's words, without what moves a terminal's cursor. */
function toJsonText(text: string): string {
  return toJsonLine(text).trimEnd().slice(1, -1);
}
