import path from 'node:path';

/** Where one machine writes weekly reports: beside the embedded store. */
export function toReportDirectory(dataDir: string): string {
  return path.join(dataDir, 'reports');
}
