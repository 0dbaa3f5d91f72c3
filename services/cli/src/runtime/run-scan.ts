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

type WatchOptions = { machine: OneMachine; terminal: Terminal; label: string; signal: AbortSignal };

/** Plans the scan (or finds it open), and watches it to its end. */
export async function runScan(options: WatchOptions & { request: ScanRequest }): Promise<ScanRun> {
  const planned = await startScan(options);
  const last = await watchScan({ ...options, scanId: planned.scanId });
  return { planned, last, completed: last.state === 'completed' };
}

/** Plans the scan, or finds it open, and says what a person must know of that. */
export async function startScan({
  machine,
  request,
  terminal,
  label,
}: {
  machine: Pick<OneMachine, 'database' | 'proberCount'>;
  request: ScanRequest;
  terminal: Terminal;
  label: string;
}): Promise<PlannedScan> {
  const planned = await planScan(machine.database.pool('writer'), { ...request, probers: machine.proberCount });
  if (planned.resumed) terminal.stderr.write(`${label}: going on with scan ${planned.scanId}, which was under way\n`);
  if (!planned.leftOut.isEmpty) {
    terminal.stderr.write(`${label}: left out, as no scan may look there: ${planned.leftOut.summary()}\n`);
  }
  return planned;
}

/** Watches a scan until it is completed or the signal aborts. @throws KubecensusError SCAN_UNKNOWN, PROBER_KEEPS_DYING */
export async function watchScan({
  machine,
  scanId,
  terminal,
  label,
  signal,
}: WatchOptions & { scanId: string }): Promise<ScanProgress> {
  const pool = machine.database.pool('writer');
  let last = await progress(pool, scanId);
  const bar = createProgress({
    label,
    total: last.targetCount,
    unit: 'targets',
    stream: terminal.stderr,
    done: last.lookedAt,
  });
  let isTold = false;
  let most = last.lookedAt;
  const show = (note: string) => bar.update(Math.min(most, last.targetCount), note);
  try {
    while (last.state === 'running' || last.state === 'revisiting') {
      await Promise.race([pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined), machine.probers.failed]);
      last = await progress(pool, scanId);
      // What a prober had looked at when it died is looked at again: that is told, and is no step back.
      most = Math.max(most, last.lookedAt);
      show(`${toNote(last)}${last.lookedAt < most ? `, ${most - last.lookedAt} of them looked at again` : ''}`);
      if (last.state === 'revisiting' && !isTold && last.lookedAt >= last.targetCount) {
        isTold = true;
        terminal.stderr.write(
          `${label}: all targets are looked at. What the last census had and this one did not see is looked at again after a while (--revisit-delay), for only that proves it gone; Ctrl-C is fine, and the same command goes on then\n`,
        );
      }
      if (signal.aborted) break;
    }
    if (last.state !== 'completed' && signal.aborted) {
      // What was under way is finished or handed back first: what is told then is what the next run begins with.
      await machine.drain();
      last = await progress(pool, scanId);
      most = last.lookedAt;
      show(toNote(last));
    }
    return last;
  } finally {
    bar.close();
  }
}

const FOUND: readonly Outcome[] = ['answered', 'present'];

function toNote(last: ScanProgress): string {
  const found = FOUND.reduce((sum, outcome) => sum + (last.outcomes[outcome] ?? 0), 0);
  return last.state === 'revisiting' ? `${found} found, looking again at those not seen` : `${found} found`;
}
