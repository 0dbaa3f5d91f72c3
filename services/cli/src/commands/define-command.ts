import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

/** Adds one command to the program. `exit` names the exit code where it is not 0; errors are thrown. */
export type DefineCommand = (program: Command, terminal: Terminal, exit: (code: ExitCode) => void) => void;
