export {
  type AddOptions,
  createQueues,
  type EnqueueResult,
  type Queues,
  type QueuesOptions,
  type Schedule,
} from './create-queues.ts';
export type { MessageOf, QueueMessages, QueueName } from './message-codec.ts';
export { FinalWorkError, QueueError } from './queue-error.ts';
export { DEFAULT_LIMITS, MAX_MESSAGE_BYTES, type QueueLimits } from './queue-limits.ts';
export type { QueueLog } from './queue-log.ts';
export type { ProcessOptions, Processor } from './start-processor.ts';
export type { Handler, WorkContext } from './work-on.ts';
