import path from 'node:path';

/** Where refreshed tables are kept. */
export function toTablesDirectory({ tablesDir, dataDir }: { tablesDir?: string | undefined; dataDir: string }): string {
  return path.resolve(tablesDir ?? path.join(dataDir, 'tables'));
}
