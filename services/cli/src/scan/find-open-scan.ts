import { listScans } from '@kubecensus/api';
import { KubecensusError } from '@kubecensus/shared/errors';
import type pg from 'pg';

/** The scan of that number, or the only one that is under way. @throws KubecensusError SCAN_UNKNOWN */
export async function findOpenScan(pool: pg.Pool, scanId: string | undefined): Promise<string> {
  const [scan, ...others] = await listScans(pool, scanId === undefined ? { open: true } : { scanId });
  if (scan === undefined) {
    const what = scanId === undefined ? 'no scan is under way' : `there is no scan ${scanId}`;
    throw new KubecensusError('SCAN_UNKNOWN', `${what}; list those that there are with \`kubecensus scans\``);
  }
  if (others.length > 0) {
    const numbers = [scan, ...others].map((open) => open.scanId).join(', ');
    throw new KubecensusError(
      'SCAN_UNKNOWN',
      `the scans ${numbers} are under way, and which of them is meant was not said; give its number after --resume`,
    );
  }
  return scan.scanId;
}
