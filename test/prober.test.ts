import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LabProcess, spawnLab } from '../services/lab/src/index.ts';
import { listenForArrivals } from './support/arrivals.ts';
import { type Flow, openFlow } from './support/flow.ts';

let flow: Flow;

beforeEach(async () => {
  flow = await openFlow();
});
afterEach(async () => {
  await flow.close();
  expect(flow.errors).toEqual([]);
});

const PATIENCE = { timeout: 50_000, interval: 100 };

async function completed(scanId: string): Promise<void> {
  await vi.waitFor(async () => expect((await flow.progress(scanId)).state).toBe('completed'), PATIENCE);
}

async function query<T>(text: string, values: unknown[] = []): Promise<T[]> {
  return (await flow.database.pool().query(text, values)).rows as T[];
}

describe('over the lab', () => {
  let lab: LabProcess;

  beforeAll(async () => {
    lab = await spawnLab({ hosts: 60, seed: 7 });
  });
  afterAll(() => lab.close());

  async function found(scanId: string): Promise<string[]> {
    const rows = await query<{ target: string }>(
      `SELECT host(address) || ':' || port AS target FROM observations
       WHERE scan_id = $1 AND component = 'kube-apiserver' AND outcome IN ('answered', 'present')`,
      [scanId],
    );
    return rows.map((row) => row.target).sort();
  }

  async function truth(): Promise<string[]> {
    const entries = await lab.truth(1);
    return entries
      .filter(
        ({ present, component, transition }) =>
          present && component === 'kube-apiserver' && transition !== 'not-reached',
      )
      .map(({ address, port }) => `${address}:${port}`)
      .sort();
  }

  it('a scan finds the API servers that there are, and nothing else', async () => {
    const scanId = await flow.plan({ ...lab.targets, rate: 5000 });
    flow.forkProber();
    await completed(scanId);
    expect(await found(scanId)).toEqual(await truth());
    const { lookedAt, targetCount, outcomes } = await flow.progress(scanId);
    expect(lookedAt).toBe(targetCount);
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(targetCount);
  });

  it('killed in mid-scan, the same command goes on to the same end: nothing lost, nothing twice', async () => {
    const request = { ...lab.targets, rate: 1500, probers: 4 };
    const scanId = await flow.plan(request);
    const killed = flow.forkProber({ PROBER_LEASE_MS: '1500' });
    await vi.waitFor(async () => {
      const { shards, lookedAt } = await flow.progress(scanId);
      expect(shards.done).toBeGreaterThan(0);
      expect(shards.leased).toBeGreaterThan(0);
      expect(lookedAt).toBeGreaterThan(0);
    }, PATIENCE);
    const dead = once(killed, 'exit');
    killed.kill('SIGKILL');
    await dead;
    await flow.stopServices();
    expect((await flow.progress(scanId)).shards.leased).toBeGreaterThan(0);

    await flow.startServices();
    expect(await flow.plan(request)).toBe(scanId);
    flow.forkProber({ PROBER_LEASE_MS: '1500' });
    await completed(scanId);
    expect(await found(scanId)).toEqual(await truth());
    const { lookedAt, targetCount, shards } = await flow.progress(scanId);
    expect(lookedAt).toBe(targetCount);
    expect(shards).toMatchObject({ pending: 0, queued: 0, leased: 0, probed: 0 });
    const [attempts] = await query<{ max: number }>('SELECT max(attempt) FROM shards');
    expect(attempts?.max).toBe(2);
  });

  it('two probers share one scan, and its rate', async () => {
    const scanId = await flow.plan({ ...lab.targets, rate: 2000, probers: 4 });
    flow.forkProber();
    flow.forkProber();
    await completed(scanId);
    expect(await found(scanId)).toEqual(await truth());
    const workers = await query('SELECT DISTINCT leased_by FROM shards');
    expect(workers).toHaveLength(2);
  });
});

describe('the queue behind the prober', () => {
  it('while too much waits to be indexed no new shard is taken', async () => {
    await flow.stopServices();
    for (let batchNumber = 0; batchNumber < 3; batchNumber += 1) {
      await flow.queues.add('index', { scanId: '99', shardNumber: 0, attempt: 1, batchNumber, observations: '' });
    }
    flow.forkProber({ PROBER_MAX_WAITING_BATCHES: '2' });
    const scanId = await flow.plan({ ranges: ['127.0.0.1'], ports: [1] });
    await flow.queues.add('probe', { scanId, shardNumber: 0 });
    // The bell was heard, and its shard was not taken.
    await vi.waitFor(async () => expect(await flow.queues.waiting('probe')).toBe(0), PATIENCE);
    expect((await flow.progress(scanId)).shards.pending).toBe(1);

    const emptying = flow.queues.process('index', async () => undefined, { concurrency: 1, onPoison: () => undefined });
    const [{ now } = { now: new Date(0) }] = await query<{ now: Date }>('SELECT clock_timestamp() AS now');
    await vi.waitFor(async () => expect((await flow.progress(scanId)).shards.done).toBe(1), PATIENCE);
    const [shard] = await query<{ started_at: Date }>('SELECT started_at FROM shards WHERE scan_id = $1', [scanId]);
    expect(shard?.started_at.getTime()).toBeGreaterThanOrEqual(now.getTime());
    await emptying.close();
  });
});

it('a check waits for no shard of a census that is under way', async () => {
  // At one connect a second its first shard alone takes a minute.
  const census = await flow.plan({ ranges: ['127.0.0.0/20'], ports: [1], rate: 1 });
  flow.forkProber();
  await vi.waitFor(async () => expect((await flow.progress(census)).shards.leased).toBe(1), PATIENCE);
  const check = await flow.plan({ kind: 'check', ranges: ['127.0.0.1'], ports: [1], rate: 50 });
  await completed(check);
  expect((await flow.progress(check)).outcomes).toEqual({ 'connection-refused': 1 });
  expect((await flow.progress(census)).shards).toMatchObject({ leased: 1, done: 0 });
});

describe('the process of a prober', () => {
  async function leased(): Promise<string> {
    const scanId = await flow.plan({ ranges: ['127.0.0.0/20'], ports: [1], rate: 50 });
    await vi.waitFor(async () => expect((await flow.progress(scanId)).shards.leased).toBe(1), PATIENCE);
    return scanId;
  }

  it.each([
    ['is told to stop', 'SIGTERM'],
    ['loses its parent', 'disconnect'],
  ] as const)('hands its shard back and ends when it %s', async (_, how) => {
    const prober = flow.forkProber({ PROBER_DRAIN_MS: '500' });
    const exited = once(prober, 'exit');
    const scanId = await leased();
    await flow.stopServices();
    if (how === 'disconnect') prober.disconnect();
    else prober.kill(how);
    expect(await exited).toEqual([0, null]);
    expect((await flow.progress(scanId)).shards).toMatchObject({ leased: 0, probed: 0 });
  });

  it('says in one line that it has no store, and ends with the code of a wrong setting', async () => {
    const prober = flow.forkProber({ DATABASE_URL: '' });
    expect(await once(prober, 'exit')).toEqual([2, null]);
  });
});

describe('the last gate', () => {
  const RANGE = '127.9.0.0/24';

  it('an exclusion added in mid-scan holds at once, and what it covers is counted as excluded', async () => {
    const server = await listenForArrivals();
    const scanId = await flow.plan({ ranges: [RANGE], ports: [server.port], rate: 60 });
    flow.forkProber();
    await vi.waitFor(() => expect(server.arrivals.length).toBeGreaterThan(20), PATIENCE);
    await query(
      "INSERT INTO exclusions (first_address, last_address, reason) VALUES ('127.9.0.64', '127.9.0.191', 'test')",
    );
    const since = Date.now();
    await completed(scanId);
    const isExcluded = (address: string) => Number(address.split('.')[3]) >= 64 && Number(address.split('.')[3]) < 192;
    const late = server.arrivals.filter(({ address, at }) => isExcluded(address) && at.getTime() > since + 5_000);
    expect(late).toEqual([]);
    const { outcomes } = await flow.progress(scanId);
    expect(outcomes.excluded).toBeGreaterThan(50);
    expect(outcomes.excluded).toBe(256 - new Set(server.arrivals.map(({ address }) => address)).size);
    await server.close();
  });

  it('while the exclusions cannot be read nothing is dialled; then it goes on and nothing is lost', async () => {
    const server = await listenForArrivals();
    const scanId = await flow.plan({ ranges: [RANGE], ports: [server.port], rate: 30 });
    flow.forkProber();
    await vi.waitFor(() => expect(server.arrivals.length).toBeGreaterThan(10), PATIENCE);
    await query('REVOKE SELECT ON exclusion_versions FROM kubecensus_prober');
    const since = Date.now();
    await vi.waitFor(() => expect(Date.now() - since).toBeGreaterThan(9_000), PATIENCE);
    const after = Date.now();
    const dialledMeanwhile = server.arrivals.filter(({ at }) => at.getTime() > since + 5_500);
    expect(dialledMeanwhile).toEqual([]);
    expect(server.arrivals.length).toBeLessThan(256);
    await query('GRANT SELECT ON exclusion_versions TO kubecensus_prober');
    await completed(scanId);
    expect(server.arrivals.filter(({ at }) => at.getTime() > after).length).toBeGreaterThan(0);
    expect((await flow.progress(scanId)).outcomes).toEqual({ 'closed-silently': 256 });
    expect(new Set(server.arrivals.map(({ address }) => address)).size).toBe(256);
    await server.close();
  });
});
