import { toTablesDirectory } from '@kubecensus/shared/tables';
import { readCliConfig } from '../config.ts';
import { checkClock, checkDescriptors, checkNode, checkRoom, readLimits } from '../doctor/check-machine.ts';
import { checkOperator } from '../doctor/check-operator.ts';
import { checkDatabase, checkDataDir, checkQueue } from '../doctor/check-stores.ts';
import { checkTables } from '../doctor/check-tables.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT } from '../exit-codes.ts';
import { toJsonLine } from '../output/json-line.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = { dataDir?: string; json: boolean };

const EXAMPLES = `
Examples:
  kubecensus doctor
  DATABASE_URL=postgres://... REDIS_URL=redis://... kubecensus doctor --json

One line for each thing that kubecensus needs: ok, warn or bad, its value, and the next step. Nothing is changed.`;

export const defineDoctor: DefineCommand = (command, terminal, exit) => {
  command
    .option('--data-dir <dir>', 'data directory of the embedded store')
    .option('--json', 'one JSON object per check', false)
    .addHelpText('after', EXAMPLES)
    .action(async ({ dataDir, json }: Options) => {
      const settings = readCliConfig();
      const config = { ...settings, dataDir: dataDir ?? settings.dataDir };
      const findings: Finding[] = [
        checkNode(),
        checkDescriptors(await readLimits()),
        checkClock(new Date()),
        await checkDataDir(config.dataDir),
        await checkRoom(config.dataDir),
        ...(await checkDatabase(config)),
        await checkQueue(config),
        checkOperator(config),
        ...(await checkTables(toTablesDirectory(config), new Date())),
      ];
      for (const finding of findings) await write(terminal.stdout, json ? toJsonLine(finding) : toLine(finding));
      if (findings.some(({ state }) => state === 'bad')) exit(EXIT.failed);
    });
};

function toLine({ check, state, says, nextStep }: Finding): string {
  return `${state.padEnd(4)}  ${check.padEnd(11)}  ${says}${nextStep === undefined ? '' : `; ${nextStep}`}\n`;
}
