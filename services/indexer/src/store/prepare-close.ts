import type { Queryable } from '@kubecensus/shared/database';

/** A close joins every endpoint of a census a few times; one is under way at a time, so one transaction has this. */
const WORK_MEMORY = '128MB';

/** Lets the statements of this transaction hold their joins in memory. */
export async function giveMemory(client: Queryable): Promise<void> {
  await client.query(`SELECT set_config('work_mem', $1, true)`, [WORK_MEMORY]);
}

/** Statistics of what a census wrote, before it is read again in the same transaction (migration 0025). */
export async function analyzeRecord(client: Queryable): Promise<void> {
  await client.query('SELECT analyze_record()');
}
