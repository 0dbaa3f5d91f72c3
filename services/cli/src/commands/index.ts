import type { DefineCommand } from './define-command.ts';
import { defineProbe } from './probe.ts';
import { defineScan } from './scan.ts';

/** In the order of the help. */
export const COMMANDS: readonly DefineCommand[] = [defineScan, defineProbe];
