import { listScans, type ScanRow } from '@kubecensus/api';
import { abortScan } from '@kubecensus/seeder';
import { toLossText } from '@kubecensus/shared/census';
import { KubecensusError } from '@kubecensus/shared/errors';
import { readCliConfig } from '../config.ts';
import { wholeNumber } from '../options.ts';
import { toJsonLine } from '../output/json-line.ts';
import { toTable } from '../output/table.ts';
import { openFilledStore } from '../runtime/open-store.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = { open: boolean; limit: number; abort?: string; dataDir?: string; json: boolean };

const EXAMPLES = `
Examples:
  kubecensus scans
  kubecensus scans --open --json | jq .scanId
  kubecensus scans --abort 7`;

export const defineScans: DefineCommand = (command, terminal) => {
  command
    .option('--open', 'only those that are under way', false)
    .option('--limit <n>', 'so many at most', wholeNumber(1, 10_000), 20)
    .option('--abort <id>', 'give an open scan up: nothing more of it is looked at, and it becomes no census')
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'one JSON object per scan', false)
    .addHelpText('after', EXAMPLES)
    .action(async ({ open, limit, abort, dataDir, json }: Options) => {
      const config = readCliConfig();
      const store = await openFilledStore({ ...config, dataDir: dataDir ?? config.dataDir });
      try {
        if (abort !== undefined) {
          if (!(await abortScan(store.pool('writer'), abort))) {
            throw new KubecensusError(
              'SCAN_UNKNOWN',
              `no scan ${abort} is under way; list those that are with \`kubecensus scans --open\``,
            );
          }
          terminal.stderr.write(`kubecensus: scan ${abort} is given up; targets in hand are looked at to their end\n`);
        }
        const scans = await listScans(store.pool('reader'), { open, limit });
        if (json) for (const scan of scans) await write(terminal.stdout, toJsonLine(scan));
        else if (scans.length > 0) await write(terminal.stdout, `${toScanTable(scans)}\n`);
        else terminal.stderr.write(`kubecensus: ${open ? 'no scan is under way' : 'there is no scan yet'}\n`);
      } finally {
        await store.close();
      }
    });
};

function toScanTable(scans: readonly ScanRow[]): string {
  return toTable(scans, [
    { title: 'id', value: (scan) => scan.scanId, align: 'right' },
    { title: 'kind', value: (scan) => scan.kind },
    { title: 'series', value: (scan) => scan.series ?? '-' },
    { title: 'state', value: (scan) => scan.state },
    { title: 'progress', value: toProgress, align: 'right' },
    { title: 'found', value: (scan) => scan.findings, align: 'right' },
    { title: 'loss', value: (scan) => toLossText(scan.quality).replace(/^loss /, '') },
    { title: 'as of', value: (scan) => scan.asOf.toISOString().slice(0, 10) },
    { title: 'targets', value: (scan) => scan.scope },
  ]);
}

function toProgress({ lookedAt, targetCount, revisits, revisitsDone, state }: ScanRow): string {
  const share = targetCount === 0 ? 100 : (lookedAt / targetCount) * 100;
  if (state === 'revisiting') return `revisit ${revisitsDone}/${revisits}`;
  return `${share === 100 ? '100' : share.toFixed(1)} %`;
}
