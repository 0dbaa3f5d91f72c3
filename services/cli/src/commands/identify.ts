import { writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { listScans } from '@kubecensus/api';
import { assertOperatorContact } from '@kubecensus/seeder';
import { classify, formatAddress, parseAddress } from '@kubecensus/shared/addresses';
import { KubecensusError, toError } from '@kubecensus/shared/errors';
import { makeDirectories } from '@kubecensus/shared/files';
import { readCliConfig } from '../config.ts';
import { toProbingText, toSecurityText } from '../identify/contact-files.ts';
import type { IdentifiedScan, Identity } from '../identify/identity.ts';
import { toOperatorPage } from '../identify/operator-page.ts';
import { toPtrAdvice } from '../identify/ptr-advice.ts';
import { toScanManifest } from '../identify/scan-manifest.ts';
import { toJsonLine } from '../output/json-line.ts';
import { signDocument } from '../owners/signed-document.ts';
import { readOrCreateSigningKey, toKeyFingerprint } from '../owners/signing-key.ts';
import { openFilledStore } from '../runtime/open-store.ts';
import { write } from '../terminal.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './define-command.ts';

/** RFC 9116 section 2.5.5: less than a year. */
const HOLDS_DAYS = 180;
const DAY_MS = 24 * 3_600_000;

type Options = {
  operatorUrl?: string;
  operatorMail?: string;
  purpose?: string;
  source?: string[];
  scan?: string;
  dataDir?: string;
  json: boolean;
};

const EXAMPLES = `
Examples:
  kubecensus identify ./site --purpose 'a weekly census' --source 192.0.2.7 2001:db8::7
  kubecensus identify ./site --scan 12

It writes the page of the operator, security.txt (RFC 9116), probing.txt (RFC 9511), the PTR records to ask for, and a
manifest that the data directory signs. Serve the directory on the host of --operator-url, and on the source addresses.`;

export const defineIdentify: DefineCommand = (command, terminal) => {
  command
    .argument('<directory>', 'where they go; files of the same names are replaced')
    .option('--operator-url <url>', 'page that says who asks')
    .option('--operator-mail <mail>', 'where the scanned can write to')
    .option('--purpose <text>', 'why, in a few words; that of the scan unless told')
    .option('--source <address...>', 'source addresses; the public ones of this machine unless told')
    .option('--scan <id>', 'a scan to tell of, with its scope and rate')
    .option('--data-dir <dir>', 'data directory, which keeps the key that signs')
    .option('--json', 'what was written as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (directory: string, options: Options) => {
      const settings = readCliConfig();
      const config = { ...settings, dataDir: options.dataDir ?? settings.dataDir };
      const operator = assertOperatorContact({
        url: options.operatorUrl ?? config.operatorUrl,
        mail: options.operatorMail ?? config.operatorMail,
      });
      const sources = (options.source ?? listPublicAddresses()).map((text) => formatAddress(parseAddress(text)));
      const scan = options.scan === undefined ? undefined : await readScan(config, options.scan);
      const purpose = options.purpose ?? scan?.purpose;
      if (purpose === undefined) {
        throw new KubecensusError(
          'SCAN_PURPOSE_MISSING',
          'the page says why somebody was scanned, and no purpose is given; say it in a few words with --purpose, or name a scan with --scan',
        );
      }
      const key = await readOrCreateSigningKey(config.dataDir);
      const writtenAt = new Date();
      const identity: Identity = {
        operator,
        purpose,
        sources,
        scan,
        version: VERSION,
        writtenAt,
        expiresAt: new Date(writtenAt.getTime() + HOLDS_DAYS * DAY_MS),
        keyFingerprint: toKeyFingerprint(key.publicKey),
      };
      const files: [string, string][] = [
        ['index.html', toOperatorPage(identity)],
        ['.well-known/security.txt', toSecurityText(identity)],
        ['.well-known/probing.txt', toProbingText(identity)],
        ['ptr-records.txt', toPtrAdvice(identity)],
        ['scan-manifest.json', `${JSON.stringify(signDocument(toScanManifest(identity), key), null, 2)}\n`],
      ];
      await writeFiles(directory, files);
      const written = files.map(([name]) => path.join(directory, name));
      const text = `${written.join('\n')}\n`;
      await write(terminal.stdout, options.json ? toJsonLine({ files: written, sources, purpose }) : text);
      if (sources.length === 0) {
        terminal.stderr.write('kubecensus: no source address is known; name those that you scan from with --source\n');
      }
    });
};

async function readScan(
  config: Parameters<typeof openFilledStore>[0],
  scanId: string,
): Promise<IdentifiedScan & { purpose: string }> {
  const store = await openFilledStore(config);
  try {
    const [scan] = await listScans(store.pool('reader'), { scanId });
    if (scan === undefined) {
      throw new KubecensusError(
        'SCAN_UNKNOWN',
        `there is no scan ${scanId}; list those that there are with \`kubecensus scans\``,
      );
    }
    const { kind, scope: targets, targetCount, rate, startedAt, purpose } = scan;
    return { id: scanId, kind, targets, targetCount, rate, startedAt, purpose };
  } finally {
    await store.close();
  }
}

/** An address behind NAT is not the one that the scanned see: only public ones are taken. */
function listPublicAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses.map(({ address }) => address))
    .filter((address) => classify(parseAddress(address)) === 'public');
}

async function writeFiles(directory: string, files: readonly (readonly [string, string])[]): Promise<void> {
  try {
    for (const [name, text] of files) {
      const file = path.join(directory, name);
      await makeDirectories(path.dirname(file));
      await writeFile(file, text);
    }
  } catch (caught) {
    throw new KubecensusError(
      'IDENTITY_UNWRITABLE',
      `the files of the operator cannot be written to ${directory} (${toError(caught).message}); name another directory`,
      { cause: caught },
    );
  }
}
