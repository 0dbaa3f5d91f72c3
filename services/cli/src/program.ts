import { KubecensusError, toError } from '@kubecensus/shared/errors';
import { Command, CommanderError } from 'commander';
import type { DefineCommand } from './commands/define-command.ts';
import { COMMANDS, type CommandEntry } from './commands/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { toSafeLines } from './output/safe-text.ts';
import {
  DESCRIPTORS_TO_LOAD,
  isOutOfDescriptors,
  readDescriptorLimit,
  toDescriptorError,
} from './runtime/descriptor-limit.ts';
import { toCodedError } from './runtime/to-coded-error.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

/** Runs one command line. Everything that can go wrong ends here, as one line on stderr and an exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.fine;
  let cannotWrite = false;
  const program = new Command('kubecensus')
    .description('A census of the Kubernetes control planes that anyone on a network can reach.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      // Said below, as every other error is.
      outputError: () => undefined,
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 fine, 1 exposed or failed, 2 usage, 3 finished incomplete, 130 a second Ctrl-C.',
    );
  const entries = new Map<Command, CommandEntry>();
  for (const entry of COMMANDS) entries.set(program.command(entry.name).description(entry.description), entry);
  program.hook('preSubcommand', async (_program, command) => {
    const define = await loadCommand(entries.get(command));
    define?.(command, terminal, (code) => {
      exitCode = code;
    });
  });
  program.hook('preAction', async (_program, command) => {
    const { dataDir } = command.opts<{ dataDir?: string }>();
    // It would be this directory, and nobody means that by saying nothing: an unset variable of a script does.
    if (dataDir?.trim() === '')
      throw new KubecensusError('COMMAND_LINE_INVALID', '--data-dir names no directory; name one, or leave it out');
    // These two mend what would stop the others.
    if (command.name() === 'doctor' || command.parent?.name() === 'tables') return;
    const { putRefreshedTablesInForce } = await import('./runtime/refreshed-tables.ts');
    await putRefreshedTablesInForce(dataDir);
  });
  // A reader that went away (`| head`) is no failure of ours.
  terminal.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    cannotWrite = true;
    terminal.stderr.write(`kubecensus: cannot write to stdout: ${error.message}; what was found is lost\n`);
  });
  try {
    // `help scan add` is `scan add --help`: commander's own would print the command before it is loaded.
    const [first, ...rest] = args;
    const isHelpOf = first === 'help' && rest.length > 0;
    await program.parseAsync(isHelpOf ? [...rest, '--help'] : [...args], { from: 'user' });
    await settle(terminal.stdout);
    return cannotWrite ? EXIT.failed : exitCode;
  } catch (caught) {
    // Help and version are written by then; without a command the help is the answer to a wrong line.
    if (caught instanceof CommanderError && caught.exitCode === 0) return EXIT.fine;
    if (caught instanceof CommanderError && caught.code === 'commander.help') return EXIT.usage;
    const error = await toCodedError(caught, COMMANDS.find(({ name }) => name === args[0])?.name);
    if (error instanceof KubecensusError) {
      terminal.stderr.write(`kubecensus: ${toSafeLines(error.message)} (${error.code})\n`);
      return error.exitCode;
    }
    terminal.stderr.write(`kubecensus: ${toSafeLines(error.stack ?? error.message)}\n`);
    return EXIT.failed;
  }
}

/** @throws KubecensusError SYSTEM_FILES_EXHAUSTED where Node cannot open all the files that it loads */
async function loadCommand(entry: CommandEntry | undefined): Promise<DefineCommand | undefined> {
  const limit = readDescriptorLimit();
  try {
    return await entry?.load();
  } catch (caught) {
    // The loader tells some of these as packages that are not there.
    const isTooLow = (limit ?? DESCRIPTORS_TO_LOAD) < DESCRIPTORS_TO_LOAD;
    if (isTooLow || isOutOfDescriptors(toError(caught))) throw toDescriptorError(limit, caught);
    throw caught;
  }
}

/** Until what was written is out, or is known to be lost: the exit code tells which. */
function settle(stdout: Terminal['stdout']): Promise<void> {
  return new Promise((resolve) => {
    // A stream tells its error one turn after the write's own callback.
    stdout.write('', () => setImmediate(resolve));
  });
}
