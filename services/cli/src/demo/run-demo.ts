import { rm } from 'node:fs/promises';
import { countEndpoints, type EndpointCount, listScans } from '@kubecensus/api';
import { type LabProcess, spawnLab } from '@kubecensus/lab';
import { readSources } from '@kubecensus/seeder';
import { Scope } from '@kubecensus/shared/addresses';
import type pg from 'pg';
import { awaitPublication } from '../runtime/await-publication.ts';
import { toHistoryDirectory } from '../runtime/history-directory.ts';
import type { OneMachine } from '../runtime/one-machine.ts';
import { toReportDirectory } from '../runtime/report-directory.ts';
import { runScan } from '../runtime/run-scan.ts';
import type { Terminal } from '../terminal.ts';
import { toBlocks } from '../to-scope.ts';
import { VERSION } from '../version.ts';
import { type Comparison, compareWithTruth } from './compare-with-truth.ts';
import { listAllEndpoints } from './list-all-endpoints.ts';
import { clearRecord } from './store/clear-record.ts';
import { toWeekDates } from './week-dates.ts';

export type DemoOptions = { hosts: number; weeks: number; seed: number; rate: number };

export type DemoWeek = { week: number; count: EndpointCount; comparison: Comparison };

/** A small lab would consist of copies: clones of images, mirrors, strangers with copied certificates. */
const COPIES_FROM = 500;

type Stage = { machine: OneMachine; dataDir: string; terminal: Terminal; signal: AbortSignal };

export function toSeriesName({ hosts, weeks, seed }: DemoOptions): string {
  return `demo of ${hosts} hosts, ${weeks} weeks, seed ${seed}`;
}

/**
 * A census a week of a lab that changes from week to week, each held against the lab's truth.
 * Yields the weeks as they are done; ends early when `signal` aborts, and goes on there when it is started again.
 */
export async function* runDemo(options: DemoOptions, stage: Stage): AsyncGenerator<DemoWeek> {
  const { machine, dataDir, terminal, signal } = stage;
  const { hosts, weeks, seed, rate } = options;
  const reader = machine.database.pool('reader');
  const series = toSeriesName(options);
  const done = await countFinishedWeeks(reader, series, weeks);
  if (done === undefined) {
    await clearRecord(machine.database.pool('owner'));
    for (const derived of [toHistoryDirectory(dataDir), toReportDirectory(dataDir)]) {
      await rm(derived, { recursive: true, force: true });
    }
  }
  terminal.stderr.write(`lab: ${hosts} hosts on 127.0.0.0/8, seed ${seed}\n`);
  const lab = await spawnLab({ hosts, seed, copies: hosts >= COPIES_FROM });
  try {
    const targets = await toScope(lab);
    for (const [index, asOf] of toWeekDates(weeks, new Date()).entries()) {
      const week = index + 1;
      if (week > (done ?? 0)) {
        await lab.setWeek(week);
        // Lab and probers share this machine: what is slow here is no finding.
        const method = { version: VERSION, thorough: false, firstFlightTimeoutMs: 10_000, answerTimeoutMs: 10_000 };
        const run = await runScan({
          machine,
          terminal,
          signal,
          label: `week ${week} of ${weeks}`,
          request: { kind: 'census', seriesName: series, targets, rate, asOf, purpose: 'demo', method },
        });
        if (!run.completed) return;
        await awaitPublication({ database: machine.database, dataDir, signal }, run.planned.scanId);
      }
      const subject = { series, census: week };
      yield {
        week,
        count: await countEndpoints(reader, { ...subject, by: ['distribution'] }),
        comparison: compareWithTruth(await lab.truth(week), await listAllEndpoints(reader, subject)),
      };
    }
  } finally {
    await lab.close();
  }
}

/** Of a demo that was interrupted; undefined where there is none to go on with. */
async function countFinishedWeeks(pool: pg.Pool, series: string, weeks: number): Promise<number | undefined> {
  const scans = (await listScans(pool, { limit: weeks })).filter((scan) => scan.series === series);
  const finished = scans.filter(({ state }) => state === 'completed').length;
  return scans.length > 0 && finished < weeks ? finished : undefined;
}

async function toScope(lab: LabProcess): Promise<Scope> {
  const { selection } = await readSources({ values: lab.targets.ranges });
  return Scope.of(toBlocks(selection, lab.targets.ports));
}
