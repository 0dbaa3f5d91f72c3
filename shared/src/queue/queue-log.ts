/** The part of the logger that the queue needs: fields first, then one line for people. */
export interface QueueLog {
  info(fields: object, line: string): void;
  warn(fields: object, line: string): void;
  error(fields: object, line: string): void;
}

export const SILENT_LOG: QueueLog = { info: () => {}, warn: () => {}, error: () => {} };
