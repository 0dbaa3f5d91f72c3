import type pg from 'pg';

/** Rejects where the store does not answer. */
export async function readOne(pool: pg.Pool): Promise<void> {
  await pool.query('SELECT 1');
}
