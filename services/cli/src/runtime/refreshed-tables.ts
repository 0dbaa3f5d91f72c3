import { existsSync } from 'node:fs';
import path from 'node:path';
import { readCliConfig } from '../config.ts';

/**
 * Lets answers rest on the tables about Kubernetes that were refreshed. Where none was, nothing is loaded.
 * @throws KubecensusError TABLE_UNUSABLE; TableError
 */
export async function putRefreshedTablesInForce(dataDir: string | undefined): Promise<void> {
  const config = readCliConfig();
  const directory = config.tablesDir ?? path.join(dataDir ?? config.dataDir, 'tables');
  if (!existsSync(directory)) return;
  const { putKubernetesTablesInForce } = await import('@kubecensus/shared/tables');
  await putKubernetesTablesInForce(directory);
}
