import { defineCount } from './count.ts';
import type { DefineCommand } from './define-command.ts';
import { defineDemo } from './demo.ts';
import { defineHistory } from './history.ts';
import { defineMigrate } from './migrate.ts';
import { defineProbe } from './probe.ts';
import { defineScan } from './scan.ts';

/** In the order of the help. */
export const COMMANDS: readonly DefineCommand[] = [
  defineDemo,
  defineScan,
  defineCount,
  defineProbe,
  defineHistory,
  defineMigrate,
];
