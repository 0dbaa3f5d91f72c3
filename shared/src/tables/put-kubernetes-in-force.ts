import { type KubernetesTables, putInForce } from '../kubernetes/index.ts';
import { KUBERNETES_TABLES } from './kubernetes-tables.ts';
import { listEntries, readTableFile } from './table-store.ts';

/**
 * Puts the refreshed tables of a directory in force, for a process that starts.
 * @throws TableError, KubecensusError TABLE_UNUSABLE; nothing is in force then but what comes with the program
 */
export async function putKubernetesTablesInForce(directory: string): Promise<void> {
  let refreshed: Partial<KubernetesTables> = {};
  for (const entry of await listEntries(directory)) {
    const table = KUBERNETES_TABLES.find(({ name }) => name === entry.table);
    if (table === undefined) continue;
    refreshed = { ...refreshed, ...table.parse((await readTableFile(directory, entry)).toString('utf8')) };
  }
  putInForce(refreshed);
}
