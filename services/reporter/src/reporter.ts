import { type History, publishHistory } from '@kubecensus/shared/history';
import { createService, type Service } from '@kubecensus/shared/lifecycle';
import type { QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import type { QueueLog, Queues } from '@kubecensus/shared/queue';
import type pg from 'pg';
import { buildWeeklyReport } from './reports/weekly-report.ts';
import { selectSeriesWithCensus } from './store/select-series.ts';
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
  /** When the weekly edition is written, as cron's five fields in UTC; without it on the closing of a census alone. */
  weeklyCron?: string;
  log: QueueLog;
}

/** Tries of one message before it is given up; the next census of the series, and the next edition, make up for it. */
const ATTEMPTS = 10;

/** Of the queue's schedule: every reporter sets the same one. */
const SCHEDULE_ID = 'weekly-edition';

/**
 * Takes closed censuses from the queue `report`: publishes the series' history, then writes the week's report. The weekly
 * edition does the same for every series, so that what was judged anew since, or was given up, is in its report.
 */
export function createReporter(options: ReporterOptions): Service {
  const { pool, queues, history, historyDirectory, reportDirectory, weeklyCron, log } = options;

  async function report(seriesId: number, about: object): Promise<void> {
    // What is published already, by an earlier delivery of this message, changes nothing.
    const { changed, manifest } = await publishHistory({ pool, directory: historyDirectory, series: seriesId });
    log.info({ ...about, publication: manifest.revision, changed }, 'a census is published');
    // Of censuses that are forgotten there is nothing to report.
    if (reportDirectory === undefined || manifest.censuses.length === 0) return;
    const files = await writeWeekly(await buildWeeklyReport(await history.series(seriesId)), reportDirectory);
    log.info({ ...about, files }, 'the weekly report is written');
  }

  return createService('the reporter', async ({ onClose }) => {
    if (weeklyCron !== undefined) {
      await queues.schedule('report', SCHEDULE_ID, { cron: weeklyCron }, { edition: 'weekly' });
    }
    const processor = queues.process(
      'report',
      async (message) => {
        if (!('edition' in message)) return await report(message.seriesId, message);
        for (const seriesId of await selectSeriesWithCensus(pool)) await report(seriesId, { ...message, seriesId });
      },
      {
        concurrency: 1,
        attempts: ATTEMPTS,
        onPoison: (_raw, error) => log.error({ err: error }, `a message of report is none: ${error.message}`),
        onFailed: async (message, error) =>
          log.error({ err: error, ...message }, `a census could not be published: ${error.message}`),
      },
    );
    onClose('processor', () => processor.close());
  });
}
