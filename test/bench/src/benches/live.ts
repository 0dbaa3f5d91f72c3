import { type ChildProcess, fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Database } from '@kubecensus/shared/database';
import { QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import { createQueues, type Queues } from '@kubecensus/shared/queue';
import { defineBench, type Figure } from '../define-bench.ts';
import { endProcess } from '../measure/end-process.ts';
import { median } from '../measure/median.ts';
import { memoryOfProcess } from '../measure/memory.ts';
import { openBenchStore } from '../measure/open-bench-store.ts';
import { cpuOfProcess } from '../measure/run-counted.ts';
import { cpuOfTree, memoryOfTree, postmasterOf } from '../measure/server-processes.ts';
import { startService } from '../measure/service-process.ts';
import type { OfferNews, OfferTask } from './live/offer-messages.ts';
import { probeLab } from './live/probe-lab.ts';

const SECONDS = 600;
const RATE = 2000;
const POPULATION = 120_000;
const CHANGED = 200;
const ADDED = 100;
/** What is left when offering ends may take this long to be indexed; more is a queue that grew. */
const DRAIN_MS = 15_000;
/** Memory of the last minute over that of the first. */
const MAX_GROWTH = 1.1;

const OFFER_PROCESS = fileURLToPath(new URL('./live/offer-process.js', import.meta.url));

interface Sample {
  readonly waiting: number;
  readonly indexer: number;
  readonly postgres: number;
}

/** The indexer as a process of its own, fed through PostgreSQL's queue with what a real probe saw of the lab. */
export default defineBench({
  about: 'observations with full evidence through the queue into the record, for ten minutes',
  settings: {
    seconds: `length of the paced part (${SECONDS})`,
    rate: `observations per second of it (${RATE})`,
    population: `endpoints, all of them in each census (${POPULATION})`,
    changed: `of 10,000 endpoints show another certificate in the next census (${CHANGED})`,
    added: `of 10,000 endpoints are new in the next census (${ADDED})`,
  },
  inBrief: { seconds: 60, population: 40_000 },
  async *run({ directory, number, say, signal }) {
    const templatesFile = path.join(directory, 'templates.json');
    const templates = await probeLab();
    await writeFile(templatesFile, JSON.stringify(templates));
    say(`${templates.length} endpoints of the lab are the templates`);
    const store = await openBenchStore(directory);
    const queueUrl = store.url('writer');
    const queues = await createQueues({ url: queueUrl, messages: QUEUE_MESSAGES });
    const indexer = startService('indexer', { DATABASE_URL: queueUrl, INDEXER_REVISIT_DELAY_MS: '0' });
    const task: OfferTask = {
      databaseUrl: queueUrl,
      queueUrl,
      templatesFile,
      population: number('population', POPULATION),
      rate: number('rate', RATE),
      seconds: number('seconds', SECONDS),
      changed: number('changed', CHANGED),
      added: number('added', ADDED),
    };
    const offering = fork(OFFER_PROCESS, [JSON.stringify(task)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const stop = () => offering.kill();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      yield* measure({ store, queues, indexer, offering, task, say });
    } finally {
      signal.removeEventListener('abort', stop);
      for (const child of [offering, indexer]) await endProcess(child);
      await queues.close();
      await store.close();
    }
  },
});

interface Parts {
  readonly store: Database;
  readonly queues: Queues<typeof QUEUE_MESSAGES>;
  readonly indexer: ChildProcess;
  readonly offering: ChildProcess;
  readonly task: OfferTask;
  readonly say: (line: string) => void;
}

async function* measure({ store, queues, indexer, offering, task, say }: Parts): AsyncGenerator<Figure> {
  const postmaster = await postmasterOf(store);
  const indexerPid = indexer.pid ?? Number.NaN;
  const cpu = () => ({ indexer: cpuOfProcess(indexerPid), postgres: cpuOfTree(postmaster) });
  const news = listenTo(offering);

  for (const name of ['all-new', 'all-known']) {
    const before = cpu();
    const begin = performance.now();
    const { offered } = await news('census');
    await drain(store, queues, Number.POSITIVE_INFINITY);
    const seconds = (performance.now() - begin) / 1000;
    const after = cpu();
    const each = { indexer: after.indexer - before.indexer, postgres: after.postgres - before.postgres };
    const value = task.population / seconds;
    yield {
      name: `live/capacity-${name}`,
      value,
      unit: 'observations per second, as fast as they are taken, with the close of their census',
      runs: [value],
      note: `${offered} offered by now; CPU per 1,000: ${perThousand(each, task.population)}`,
    };
    offering.send('go on');
  }

  await news('pace-begins');
  const before = cpu();
  const samples: Sample[] = [];
  const sampling = setInterval(() => {
    queues.waiting('index').then(
      (waiting) => {
        samples.push({
          waiting,
          indexer: memoryOfProcess(indexerPid).resident,
          postgres: memoryOfTree(postmaster),
        });
        if (samples.length % 30 === 0) say(`${samples.length} s, ${waiting} batches wait`);
      },
      (error: Error) => say(error.message),
    );
  }, 1000);
  const { offered, worstLagMs } = await news('pace-ended').finally(() => clearInterval(sampling));
  const left = await drain(store, queues, DRAIN_MS);
  const after = cpu();
  const each = { indexer: after.indexer - before.indexer, postgres: after.postgres - before.postgres };
  const share = `${task.changed / 100} % changed and ${task.added / 100} % new from census to census, the rest as before`;
  const sustained = offered / task.seconds;
  yield {
    name: 'live/sustained',
    value: sustained,
    unit: 'observations per second',
    runs: [sustained],
    limit: { of: 'value', atLeast: task.rate * 0.99 },
    note: `${task.seconds} s; ${share}; offered late by ${(worstLagMs / 1000).toFixed(1)} s at worst; CPU per 1,000: ${perThousand(each, offered)}`,
  };
  const waiting = samples.map((sample) => sample.waiting);
  yield {
    name: 'live/waiting-at-end',
    value: left,
    unit: 'batches',
    runs: waiting.filter((_, second) => second % 60 === 59),
    limit: { of: 'value', atMost: 0 },
    note: `${DRAIN_MS / 1000} s after the last was offered; while it lasted, ${Math.max(...waiting)} at most, ${median(waiting)} as a rule`,
  };
  for (const part of ['indexer', 'postgres'] as const) yield memoryFigure(part, samples);
}

function memoryFigure(part: 'indexer' | 'postgres', samples: readonly Sample[]): Figure {
  const minute = Math.min(60, Math.ceil(samples.length / 2));
  const runs = samples.map((sample) => sample[part] / 1e6);
  const first = median(runs.slice(0, minute));
  const value = median(runs.slice(-minute));
  return {
    name: `live/memory-${part}`,
    value,
    unit: 'MB in the last minute',
    reference: { name: 'first minute', value: first },
    ratio: value / first,
    runs: runs.filter((_, second) => second % 60 === 59),
    limit: { of: 'ratio', atMost: MAX_GROWTH },
  };
}

function perThousand(seconds: { indexer: number; postgres: number }, observations: number): string {
  const of = (part: number) => ((part / observations) * 1e6).toFixed(0);
  return `indexer ${of(seconds.indexer)} ms, postgres ${of(seconds.postgres)} ms (queue and record)`;
}

/** Waits until all batches are in the record and every census is closed; gives what waits still. */
async function drain(store: Database, queues: Queues<typeof QUEUE_MESSAGES>, limitMs: number): Promise<number> {
  const until = performance.now() + limitMs;
  for (;;) {
    const waiting = await queues.waiting('index');
    const { rows } = await store
      .pool()
      .query<{ open: number }>(`SELECT count(*)::integer AS open FROM scans WHERE state <> 'completed'`);
    if ((waiting === 0 && rows[0]?.open === 0) || performance.now() > until) return waiting;
    await pause(100);
  }
}

/** The next news of a kind; whatever fails in the process fails here. */
function listenTo(offering: ChildProcess) {
  const heard: OfferNews[] = [];
  let wake = () => {};
  offering.on('message', (news: OfferNews) => {
    heard.push(news);
    wake();
  });
  let isGone = false;
  offering.once('exit', () => {
    isGone = true;
    wake();
  });
  return async <K extends OfferNews['kind']>(kind: K): Promise<Extract<OfferNews, { kind: K }>> => {
    for (;;) {
      const failed = heard.find((news) => news.kind === 'failed');
      if (failed !== undefined) throw new Error(failed.message);
      const at = heard.findIndex((news) => news.kind === kind);
      if (at >= 0) return heard.splice(0, at + 1).at(-1) as Extract<OfferNews, { kind: K }>;
      if (isGone) throw new Error(`the offering process ended before ${kind}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}
