import { KubecensusError, toError } from '@kubecensus/shared/errors';
import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

/** Runs one command line. Everything that can go wrong ends here, as one line on stderr and an exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.fine;
  const program = new Command('kubecensus')
    .description('A census of the Kubernetes control planes that anyone on a network can reach.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .showHelpAfterError('(kubecensus --help shows the commands, kubecensus <command> --help its options)')
    .addHelpText('after', '\nExit codes: 0 fine, 1 exposed or failed, 2 usage, 3 finished incomplete.');
  for (const define of COMMANDS) {
    define(program, terminal, (code) => {
      exitCode = code;
    });
  }
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  // A reader that went away (`| head`) is no failure of ours.
  terminal.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') terminal.stderr.write(`kubecensus: cannot write to stdout: ${error.message}\n`);
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (caught) {
    if (caught instanceof CommanderError) return caught.exitCode === 0 ? EXIT.fine : EXIT.usage;
    if (caught instanceof KubecensusError) {
      terminal.stderr.write(`kubecensus: ${caught.message} (${caught.code})\n`);
      return caught.exitCode;
    }
    const error = toError(caught);
    terminal.stderr.write(`kubecensus: ${error.stack ?? error.message}\n`);
    return EXIT.failed;
  }
}
