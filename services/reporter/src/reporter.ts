import { type History, publishHistory } from '@kubecensus/shared/history';
import { createService, type Service } from '@kubecensus/shared/lifecycle';
import type { CensusClosed, QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import type { QueueLog, Queues } from '@kubecensus/shared/queue';
import type pg from 'pg';
import { buildWeeklyReport } from './reports/weekly-report.ts';
import { writeWeekly } from './write-weekly.ts';

export interface ReporterOptions {
  /** With the reader's powers. */
  pool: pg.Pool;
  /** Its owner closes them, after the reporter. */
  queues: Queues<typeof QUEUE_MESSAGES>;
  /** Open on `historyDirectory`; its owner closes it. */
  history: History;
  historyDirectory: string;
  /** Where weekly reports go; without it none is written. */
  reportDirectory?: string;
  log: QueueLog;
}

/** Tries of one census before it is given up; the next census of the series publishes it as well. */
const ATTEMPTS = 10;

/** Takes closed censuses from the queue `report`: publishes the series' history, then writes the week's report. */
export function createReporter(options: ReporterOptions): Service {
  const { pool, queues, history, historyDirectory, reportDirectory, log } = options;

  async function report({ seriesId, censusNumber }: CensusClosed): Promise<void> {
    // A census that is published already, by an earlier delivery of this message, changes nothing.
    const { changed, manifest } = await publishHistory({ pool, directory: historyDirectory, series: seriesId });
    log.info({ seriesId, censusNumber, publication: manifest.revision, changed }, 'a census is published');
    if (reportDirectory === undefined) return;
    const published = await history.series(seriesId);
    const files = await writeWeekly(await buildWeeklyReport(published, {}), reportDirectory);
    log.info({ seriesId, censusNumber, files }, 'the weekly report is written');
  }

  return createService('the reporter', async ({ onClose }) => {
    const processor = queues.process('report', report, {
      concurrency: 1,
      attempts: ATTEMPTS,
      onPoison: (_raw, error) => log.error({ err: error }, `a message of report is none: ${error.message}`),
      onFailed: async (message, error) =>
        log.error({ err: error, ...message }, `a census could not be published: ${error.message}`),
    });
    onClose('processor', () => processor.close());
  });
}
