import { defineCanary } from './canary.ts';
import { defineCheck } from './check.ts';
import { defineCount } from './count.ts';
import type { DefineCommand } from './define-command.ts';
import { defineDemo } from './demo.ts';
import { defineDiff } from './diff.ts';
import { defineDoctor } from './doctor.ts';
import { defineExclude } from './exclude.ts';
import { defineExplain } from './explain.ts';
import { defineHistory } from './history.ts';
import { defineIdentify } from './identify.ts';
import { defineKeys } from './keys.ts';
import { defineLab } from './lab.ts';
import { defineLocal } from './local.ts';
import { defineMigrate } from './migrate.ts';
import { defineProbe } from './probe.ts';
import { defineReclassify } from './reclassify.ts';
import { defineReport } from './report.ts';
import { defineScan } from './scan.ts';
import { defineScans } from './scans.ts';
import { defineSearch } from './search.ts';
import { defineTouches } from './touches.ts';
import { defineTrend } from './trend.ts';
import { defineUp } from './up.ts';

/** In the order of the help. */
export const COMMANDS: readonly DefineCommand[] = [
  defineDemo,
  defineScan,
  defineScans,
  defineUp,
  defineCount,
  defineSearch,
  defineTrend,
  defineDiff,
  defineReport,
  defineProbe,
  defineHistory,
  defineKeys,
  defineReclassify,
  defineCheck,
  defineExplain,
  defineTouches,
  defineLocal,
  defineExclude,
  defineIdentify,
  defineCanary,
  defineLab,
  defineDoctor,
  defineMigrate,
];
