import { setTimeout as pause } from 'node:timers/promises';
import { type PlannedScan, planScan, progress, type ScanProgress, type ScanRequest } from '@kubecensus/seeder';
import type { Outcome } from '@kubecensus/shared/vocabulary';
import { createProgress } from '../output/progress.ts';
import type { Terminal } from '../terminal.ts';
import type { OneMachine } from './one-machine.ts';

const LOOK_EVERY_MS = 250;

export type ScanRun = {
  readonly planned: PlannedScan;
  readonly last: ScanProgress;
  /** False after Ctrl-C: the same command goes on from here. */
  readonly completed: boolean;
};

type Options = { machine: OneMachine; request: ScanRequest; terminal: Terminal; label: string; signal: AbortSignal };

/** Plans the scan (or finds it open), and watches it to its end. */
export async function runScan({ machine, request, terminal, label, signal }: Options): Promise<ScanRun> {
  const pool = machine.database.pool('writer');
  const planned = await planScan(pool, { ...request, probers: machine.proberCount });
  if (planned.resumed) terminal.stderr.write(`${label}: going on with scan ${planned.scanId}, which was under way\n`);
  if (!planned.leftOut.isEmpty) {
    terminal.stderr.write(`${label}: left out, as no scan may look there: ${planned.leftOut.summary()}\n`);
  }
  let last = await progress(pool, planned.scanId);
  const bar = createProgress({
    label,
    total: last.targetCount,
    unit: 'targets',
    stream: terminal.stderr,
    done: last.lookedAt,
  });
  try {
    while (last.state === 'running' || last.state === 'revisiting') {
      await Promise.race([pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined), machine.probers.failed]);
      last = await progress(pool, planned.scanId);
      bar.update(Math.min(last.lookedAt, last.targetCount), toNote(last));
      if (signal.aborted) break;
    }
    return { planned, last, completed: last.state === 'completed' };
  } finally {
    bar.close();
  }
}

const FOUND: readonly Outcome[] = ['answered', 'present'];

function toNote(last: ScanProgress): string {
  const found = FOUND.reduce((sum, outcome) => sum + (last.outcomes[outcome] ?? 0), 0);
  return last.state === 'revisiting' ? `${found} found, looking again at those not seen` : `${found} found`;
}
