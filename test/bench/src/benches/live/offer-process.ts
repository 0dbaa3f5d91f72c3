import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createBatchWriter } from '@kubecensus/prober';
import { planScan } from '@kubecensus/seeder';
import { AddressSetBuilder, parseRange, Scope } from '@kubecensus/shared/addresses';
import { createPool } from '@kubecensus/shared/database';
import { emptyShardSummary, type Observation, QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import { createQueues } from '@kubecensus/shared/queue';
import type { OfferNews, OfferTask } from './offer-messages.ts';
import { simulateEndpoint, toTemplate } from './simulate-endpoint.ts';

/** Findings of one shard: 1 % of 200,000 targets. */
const PER_SHARD = 2000;
/** As a prober, which takes no new shard while more wait (PROBER_MAX_WAITING_BATCHES). */
const MAX_WAITING = 200;
/** Between two looks at what is due. */
const TICK_MS = 50;

const task = JSON.parse(process.argv[2] ?? '') as OfferTask;
const templates = (JSON.parse(readFileSync(task.templatesFile, 'utf8')) as Observation[]).map(toTemplate);
const pool = createPool(task.databaseUrl, { max: 2 });
const queues = await createQueues({ url: task.queueUrl, messages: QUEUE_MESSAGES });
const editions = new Uint8Array(task.population * 4);
let population = task.population;
let offered = 0;
let pacedFrom: number | undefined;
let offeredBefore = 0;
let worstLagMs = 0;

function tell(news: OfferNews): void {
  process.send?.(news);
}

/** Waits until one more observation is due, or until the queue is no longer full. */
async function keepPace(): Promise<void> {
  if (pacedFrom === undefined) return;
  const dueAt = pacedFrom + ((offered - offeredBefore) / task.rate) * 1000;
  const early = dueAt - performance.now();
  worstLagMs = Math.max(worstLagMs, -early);
  if (early > TICK_MS) await pause(early);
}

/** Two series in turn: the next census need not wait until the one before it is closed. */
async function planCensus(number: number, shards: number): Promise<string> {
  const addresses = new AddressSetBuilder().add(parseRange('127.32.0.0/12'));
  if (number % 2 === 1) addresses.add(parseRange('127.1.2.3'));
  const targets = Scope.of([{ ports: [6443], addresses: addresses.build() }]);
  const plan = () =>
    planScan(pool, {
      kind: 'census',
      targets,
      rate: Math.floor(targets.size / shards / 10),
      method: { version: 'bench', thorough: false },
    });
  let planned = await plan();
  // The series' census before is not closed yet: what is offered comes late, and that is told.
  while (planned.resumed) {
    await pause(TICK_MS);
    planned = await plan();
  }
  await pool.query(
    `UPDATE shards SET state = 'leased', attempt = 1, lease_until = now() + interval '1 day' WHERE scan_id = $1`,
    [planned.scanId],
  );
  return planned.scanId;
}

async function offerCensus(number: number, until: number): Promise<void> {
  if (number > 1) {
    for (let nth = 0; nth < (population * task.changed) / 10_000; nth += 1) {
      const endpoint = Math.floor(Math.random() * population);
      editions[endpoint] = ((editions[endpoint] ?? 0) + 1) % 64;
    }
    population += Math.round((population * task.added) / 10_000);
  }
  const scanId = await planCensus(number, Math.ceil(population / PER_SHARD));
  const { rows } = await pool.query<{ shard_number: number }>(
    'SELECT shard_number FROM shards WHERE scan_id = $1 ORDER BY shard_number',
    [scanId],
  );
  const perShard = Math.ceil(population / rows.length);
  let batches = 0;
  for (const { shard_number: shardNumber } of rows) {
    const writer = createBatchWriter();
    let batchNumber = 0;
    const send = async (texts: readonly string[]) => {
      for (const observations of texts) {
        await queues.add('index', { scanId, shardNumber, attempt: 1, batchNumber, observations });
        batchNumber += 1;
      }
    };
    const last = Math.min((shardNumber + 1) * perShard, population);
    for (let endpoint = shardNumber * perShard; endpoint < last && performance.now() < until; endpoint += 1) {
      await keepPace();
      await send(writer.add(simulateEndpoint(templates, endpoint, editions[endpoint] ?? 0, Date.now())));
      offered += 1;
    }
    await send(writer.flush());
    batches += batchNumber;
    const targets = last - shardNumber * perShard;
    await pool.query(
      `UPDATE shards SET state = CASE WHEN batches_committed >= $3 THEN 'done' ELSE 'probed' END, batch_count = $3,
              summary = $4, finished_at = clock_timestamp(), lease_until = NULL
       WHERE scan_id = $1 AND shard_number = $2`,
      [scanId, shardNumber, batchNumber, { ...emptyShardSummary(), targets, outcomes: { answered: targets } }],
    );
    while (pacedFrom === undefined && (await queues.waiting('index')) > MAX_WAITING) await pause(TICK_MS);
  }
  tell({ kind: 'census', number, offered, batches });
}

try {
  // All new, then all known: as fast as they are taken.
  await offerCensus(0, Number.POSITIVE_INFINITY);
  await new Promise((resolve) => process.once('message', resolve));
  await offerCensus(1, Number.POSITIVE_INFINITY);
  await new Promise((resolve) => process.once('message', resolve));
  tell({ kind: 'pace-begins' });
  pacedFrom = performance.now();
  offeredBefore = offered;
  const until = pacedFrom + task.seconds * 1000;
  for (let number = 2; performance.now() < until; number += 1) await offerCensus(number, until);
  tell({ kind: 'pace-ended', offered: offered - offeredBefore, worstLagMs });
} catch (caught) {
  tell({ kind: 'failed', message: String((caught as Error).stack) });
}
await queues.close();
await pool.end();
process.disconnect();
