import { checkClock, checkDescriptors, checkNode } from '../doctor/check-machine.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT } from '../exit-codes.ts';
import { toJsonLine } from '../output/json-line.ts';
import { readDescriptorLimit } from '../runtime/descriptor-limit.ts';
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
      const descriptors = checkDescriptors(readDescriptorLimit());
      const findings: Finding[] = [checkNode(), descriptors, checkClock(new Date())];
      // What looks at stores and tables could not even be loaded.
      if (descriptors.state !== 'bad') {
        const { checkInstallation } = await import('../doctor/check-installation.ts');
        findings.push(...(await checkInstallation(dataDir)));
      }
      for (const finding of findings) await write(terminal.stdout, json ? toJsonLine(finding) : toLine(finding));
      if (findings.some(({ state }) => state === 'bad')) exit(EXIT.failed);
    });
};

function toLine({ check, state, says, nextStep }: Finding): string {
  return `${state.padEnd(4)}  ${check.padEnd(11)}  ${says}${nextStep === undefined ? '' : `; ${nextStep}`}\n`;
}
