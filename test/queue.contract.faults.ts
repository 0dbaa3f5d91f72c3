import type { QueueServer } from './support/queue-server.ts';
export function describeQueueFaults(_name: string, _server: () => QueueServer): void {}
