import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../../shared/src/database/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { apiServerSaying, finishShard, insertScan, insertSeries } from '../../../../test/support/record.ts';
import { loadCensus, storeEvidenceOf } from '../bulk/load-census.ts';
import { CLOSING_RULES } from '../census/closing-rules.ts';
import { CLASSIFIER } from '../evidence/classifier.ts';
import { reviseSeries } from '../revisions/revise-series.ts';
import { insertNextRevision } from './insert-revisions.ts';

let database: Database;
let seriesId: number;
beforeEach(async () => {
  database = await createTestDatabase();
  seriesId = await insertSeries(database.pool());
});
afterEach(() => database.close());

/** Loads a census of servers by the last octet of their address, each with the serial of its certificate. */
async function load(day: string, serials: Readonly<Record<number, number>>, refused: readonly number[] = []) {
  const scanId = await insertScan(database.pool(), { seriesId, asOf: `${day}T00:00:00Z`, ranges: ['127.0.0.0/24'] });
  await finishShard(database.pool(), scanId, 0, 0, { answered: 9 });
  await database.pool().query(`UPDATE shards SET state = 'done' WHERE scan_id = $1`, [scanId]);
  await database.pool().query(
    `INSERT INTO revisits (scan_id, revisit_number, round, endpoint_id, address, port, component, outcome, outcome_rank)
     SELECT $1, endpoint_id, 1, endpoint_id, address, port, component, 'connection-refused', 9 FROM endpoints
     WHERE host(address) = ANY($2)`,
    [scanId, refused.map((octet) => `127.0.0.${octet}`)],
  );
  const seen = Object.entries(serials).map(([octet, serial]) =>
    apiServerSaying(`v1.30.${serial}`, `127.0.0.${octet}`, serial),
  );
  const numbers = await storeEvidenceOf(database.pool('writer'), CLASSIFIER, seen);
  const findings = seen.map((one, at) => ({ ...one, evidenceId: numbers[at] ?? 0 }));
  await loadCensus(database.pool('writer'), scanId, findings, CLOSING_RULES);
}

async function loadFour(): Promise<void> {
  await load('2026-01-05', { 1: 1, 2: 2, 3: 3, 4: 4 });
  await load('2026-01-12', { 1: 1, 2: 5, 3: 3 }); // 2 changed, 4 not reached
  await load('2026-01-19', { 2: 5, 4: 4, 6: 6 }, [3]); // 1 not reached, 3 gone, 4 back, 6 new
  await load('2026-01-26', { 1: 7, 2: 5, 6: 6 }, [4]); // 1 back and changed, 4 gone
}

const selectLast = async () =>
  (await database.pool().query('SELECT * FROM census_revisions ORDER BY census_number DESC, revision DESC LIMIT 1'))
    .rows[0];

it('what a census carries on from the one before is what a count of all its members says', async () => {
  await loadFour();
  const client = await database.pool('writer').connect();
  try {
    const revised = await reviseSeries(client, seriesId, {
      reason: 'late-data',
      rulesVersion: CLASSIFIER.rulesVersion,
    });
    expect(revised).toEqual([]);
    expect(await selectLast()).toMatchObject({ census_number: 4, revision: 1, present: 3, not_reached: 0 });
  } finally {
    client.release();
  }
});

it('it is carried on only from a census whose verdicts are all of the rules in force', async () => {
  await loadFour();
  const whole = await selectLast();
  const again = async () => {
    const client = await database.pool('writer').connect();
    try {
      await client.query('DELETE FROM census_revisions WHERE census_number = 4');
      return await insertNextRevision(client, seriesId, 4, CLASSIFIER.rulesVersion);
    } finally {
      client.release();
    }
  };
  expect(await again()).toMatchObject({ censusNumber: 4, revision: 1, reason: 'completed' });
  expect(await selectLast()).toEqual(whole);
  const { rows } = await database.pool().query('SELECT min(evidence_id) AS evidence_id FROM fingerprints');
  await database
    .pool()
    .query('UPDATE fingerprints SET rules_version = rules_version - 1 WHERE evidence_id = $1', [rows[0]?.evidence_id]);
  expect(await again()).toBeUndefined();
  await database.pool().query('UPDATE fingerprints SET rules_version = $1', [CLASSIFIER.rulesVersion]);
  await database.pool().query('UPDATE census_revisions SET oldest_rules = oldest_rules - 1');
  expect(await again()).toBeUndefined();
});
