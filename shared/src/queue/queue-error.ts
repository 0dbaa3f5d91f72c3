import { KubecensusError } from '../errors/index.ts';

/** A failure of the queue, or of a message on its way through it. */
export class QueueError extends KubecensusError {}

/** Thrown by a handler: trying this message again cannot help, so it is given up at once. */
export class FinalWorkError extends QueueError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('QUEUE_WORK_FINAL', message, options);
  }
}
