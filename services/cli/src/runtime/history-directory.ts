import path from 'node:path';

/** Where published histories lie on one machine: beside the embedded store. */
export function toHistoryDirectory(dataDir: string): string {
  return path.join(dataDir, 'history');
}
