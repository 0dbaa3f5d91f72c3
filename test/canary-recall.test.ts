import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { listCensuses, listTransitions } from '../services/api/src/index.ts';
import { type LabProcess, type LabTruth, spawnLab } from '../services/lab/src/index.ts';
import { type Flow, openFlow } from './support/flow.ts';
import { keyOf, planWeek } from './support/weeks.ts';

let lab: LabProcess;
let flow: Flow;

beforeAll(async () => {
  [lab, flow] = await Promise.all([spawnLab({ hosts: 64, seed: 105 }), openFlow()]);
});
afterAll(async () => {
  await flow.close();
  await lab.close();
  expect(flow.errors).toEqual([]);
});

async function useCanary(address: string, port: number): Promise<void> {
  await flow.database.pool().query(`UPDATE canaries SET removed_at = now() WHERE removed_at IS NULL`);
  await flow.database
    .pool()
    .query(`INSERT INTO canaries (address, port, component) VALUES ($1, $2, 'kube-apiserver')`, [address, port]);
}

async function takeCensus(week: number) {
  const scanId = await planWeek(flow, lab, week, { rate: 5_000, probers: 1 });
  await vi.waitFor(async () => expect((await flow.progress(scanId)).state).toBe('completed'), {
    timeout: 100_000,
    interval: 50,
  });
  const [census] = await listCensuses(flow.database.pool('reader'));
  const { rows } = await listTransitions(flow.database.pool('reader'));
  const states = rows.filter(({ countedAs }) => countedAs !== 'look-alike');
  return { census, states: (state: string) => states.filter((row) => row.state === state).map(keyOf), rows: states };
}

/** The first week in which an API server is gone by refusing, and what is gone then. */
async function findWeekOfGone(): Promise<{ week: number; gone: string[] }> {
  for (let week = 2; week <= 8; week += 1) {
    const truths = await lab.truth(week);
    const gone = truths.filter(({ component, transition }) => component === 'kube-apiserver' && transition === 'gone');
    if (gone.length > 0) return { week, gone: gone.map(keyOf).sort() };
  }
  throw new RangeError('in eight weeks nothing of this lab is gone');
}

it('a census whose probers do not find the canaries calls nothing gone, and the next one does', async () => {
  const { week, gone } = await findWeekOfGone();
  const stays = (truths: readonly LabTruth[]) =>
    new Set(truths.filter(({ component, present }) => component === 'kube-apiserver' && present).map(keyOf));
  const [before, after] = [stays(await lab.truth(week - 1)), stays(await lab.truth(week))];
  const [address = '', port = ''] = [...before].find((key) => after.has(key))?.split(':') ?? [];
  flow.forkProber();

  await lab.setWeek(week - 1);
  await useCanary(address, Number(port));
  const first = await takeCensus(1);
  expect(first.census).toMatchObject({ callsGone: true, quality: { canaryRecall: 1 } });
  expect(first.census?.quality.canaryLooks).toBeGreaterThan(0);

  await lab.setWeek(week);
  // A port of this machine that nothing listens on: what a network that answers for nobody looks like.
  await useCanary('127.255.255.254', 1);
  const blind = await takeCensus(2);
  expect(blind.census).toMatchObject({ callsGone: false, quality: { canaryRecall: 0 } });
  expect(blind.states('gone')).toEqual([]);
  const withheld = blind.rows.filter(({ reason }) => reason === 'low-recall').map(keyOf);
  expect(withheld).toEqual(expect.arrayContaining(gone));
  expect(blind.census?.withheld).toBeGreaterThanOrEqual(gone.length);

  await useCanary(address, Number(port));
  const again = await takeCensus(3);
  expect(again.census).toMatchObject({ callsGone: true, withheld: 0, quality: { canaryRecall: 1 } });
  expect(again.states('gone')).toEqual(expect.arrayContaining(gone));
}, 300_000);
