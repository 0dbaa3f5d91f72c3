import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Gives a command, which has its name and description from the list in index.ts, its options and what it does.
 * `exit` names the exit code where it is not 0; errors are thrown.
 */
export type DefineCommand = (command: Command, terminal: Terminal, exit: (code: ExitCode) => void) => void;
