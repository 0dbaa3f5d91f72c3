import { type IQueueBackend, type Job, type JobJson, type JobProgress, Worker } from 'bullmq';
import type { ConnectionUse } from './queue-store.ts';

export type MessageJob = Job<unknown, void, string, JobProgress>;

/** A BullMQ worker that survives job data which is not JSON: it is handed on as text, for the poison handler. */
export class MessageWorker extends Worker<unknown, void, string, IQueueBackend, JobProgress, ConnectionUse> {
  protected override createJob(data: JobJson, jobId: string): MessageJob {
    try {
      return super.createJob(data, jobId);
    } catch {
      // Thrown further, this would leave the job taken and unworked, lost and found again until it is given up.
      return super.createJob({ ...data, data: JSON.stringify(data.data) }, jobId);
    }
  }
}
