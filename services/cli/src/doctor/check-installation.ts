import { toTablesDirectory } from '@kubecensus/shared/tables';
import { readCliConfig } from '../config.ts';
import { checkRoom } from './check-machine.ts';
import { checkOperator } from './check-operator.ts';
import { checkDatabase, checkDataDir, checkQueue } from './check-stores.ts';
import { checkTables } from './check-tables.ts';
import type { Finding } from './finding.ts';

/** What this installation of kubecensus rests on: directory, stores, contact and tables. */
export async function checkInstallation(dataDir: string | undefined): Promise<Finding[]> {
  const settings = readCliConfig();
  const config = { ...settings, dataDir: dataDir ?? settings.dataDir };
  return [
    await checkDataDir(config.dataDir),
    await checkRoom(config.dataDir),
    ...(await checkDatabase(config)),
    await checkQueue(config),
    checkOperator(config),
    ...(await checkTables(toTablesDirectory(config), new Date())),
  ];
}
