import { toError } from '@kubecensus/shared/errors';
import { listTables } from '@kubecensus/shared/tables';
import { bad, type Finding, ok, warn } from './finding.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Upstream releases a minor every four months; routes and ranges move faster than that is noticed. */
const OLD_AFTER_DAYS = 180;

/** How old the tables are that answers rest on. */
export async function checkTables(directory: string, now: Date): Promise<Finding[]> {
  try {
    return (await listTables(directory)).map(({ table, asOf, isRefreshed }) => {
      const days = Math.floor((now.getTime() - Date.parse(asOf)) / DAY_MS);
      const says = `${table} is of ${asOf}, ${days} day${days === 1 ? '' : 's'} old${isRefreshed ? '' : ', as it comes with the program'}`;
      return days <= OLD_AFTER_DAYS
        ? ok('table', says)
        : warn('table', says, `download it and say kubecensus tables refresh ${table} FILE`);
    });
  } catch (caught) {
    return [bad('table', toError(caught).message.split(';')[0] ?? '', 'refresh it, or say kubecensus tables forget')];
  }
}
