import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type LabProcess, spawnLab } from '../services/lab/src/index.ts';
import { type Flow, openFlow } from './support/flow.ts';

let lab: LabProcess;
let flow: Flow;

beforeAll(async () => {
  lab = await spawnLab({ hosts: 60, seed: 7 });
});
afterAll(() => lab.close());
beforeEach(async () => {
  flow = await openFlow();
});
afterEach(() => flow.close());

async function completed(scanId: string): Promise<void> {
  await vi.waitFor(async () => expect((await flow.progress(scanId)).state).toBe('completed'), {
    timeout: 50_000,
    interval: 100,
  });
}

/** What the record says of a scan, in the shape of the lab's truth. */
async function found(scanId: string): Promise<string[]> {
  const { rows } = await flow.database.pool('reader').query<{ target: string }>(
    `SELECT host(address) || ':' || port AS target FROM observations
     WHERE scan_id = $1 AND component = 'kube-apiserver' AND outcome IN ('answered', 'present') ORDER BY address, port`,
    [scanId],
  );
  return rows.map((row) => row.target);
}

async function truth(): Promise<string[]> {
  const entries = await lab.truth(1);
  return entries
    .filter(({ present, transition }) => present && transition !== 'not-reached')
    .map(({ address, port }) => `${address}:${port}`);
}

it('a scan finds what the lab has, and nothing else', async () => {
  const scanId = await flow.plan({ ...lab.targets, rate: 5000 });
  flow.forkProber();
  await completed(scanId);
  expect((await found(scanId)).sort()).toEqual((await truth()).sort());
  const { lookedAt, targetCount } = await flow.progress(scanId);
  expect(lookedAt).toBe(targetCount);
  expect(flow.errors).toEqual([]);
});
