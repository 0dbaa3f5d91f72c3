import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProcessOptions, QueueLimits } from '../shared/src/queue/index.ts';
import { createInbox, createLatch, type Inbox } from './support/inbox.ts';
import {
  createKeptLog,
  openTestQueues,
  type QueueServer,
  SHORT_LOCK,
  type TestQueues,
} from './support/queue-server.ts';
import { runModule } from './support/run-module.ts';

interface Said {
  ready?: boolean;
  taken?: number;
  delivery?: number;
}

/** What every server that keeps queues must do when something ends that should not. */
export function describeQueueFaults(name: string, server: () => QueueServer): void {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    await server().clear();
  });

  async function open(log = createKeptLog(), limits: Partial<QueueLimits> = {}): Promise<TestQueues> {
    const queues = await openTestQueues(server().url, log, limits);
    ends.push(() => queues.close());
    return queues;
  }

  function startChild(work: 'hold' | 'finish') {
    const child = runModule('./test/support/queue-child.ts', [server().url, work]);
    const said = createInbox<Said>();
    const exited = once(child, 'exit');
    child.on('message', (message) => said.put(message as Said));
    ends.push(async () => {
      child.kill('SIGKILL');
      await exited;
    });
    return { child, said, exited };
  }

  const shard = (shardNumber: number) => ({ scanId: '1', shardNumber });
  const rules: ProcessOptions<{ scanId: string; shardNumber: number }> = {
    concurrency: 1,
    firstRetryMs: 1,
    onPoison: (_raw, error) => {
      throw error;
    },
  };
  const collect = (queues: TestQueues, inbox: Inbox<number>) =>
    queues.process('probe', async ({ shardNumber }) => inbox.put(shardNumber), rules);

  /** A worker that has one message, and hears nothing until its latch is opened. */
  async function startDeaf(queues: TestQueues) {
    const started = createInbox<number>();
    const latch = createLatch();
    const processor = queues.process(
      'probe',
      async ({ shardNumber }) => {
        started.put(shardNumber);
        await latch.opened;
      },
      rules,
    );
    await started.until(1);
    return { processor, latch };
  }

  describe(`a queue on ${name}, when a worker ends`, () => {
    it('lets the work under way finish, and takes no further message', async () => {
      const queues = await open();
      const started = createInbox<number>();
      const latch = createLatch();
      let finished = 0;
      await queues.add('probe', shard(1));
      const processor = queues.process(
        'probe',
        async ({ shardNumber }) => {
          started.put(shardNumber);
          await latch.opened;
          finished += 1;
        },
        rules,
      );
      await started.until(1);
      const closed = processor.close();
      await queues.add('probe', shard(2));
      expect(finished).toBe(0);
      latch.open();
      await closed;
      expect([finished, started.items.length, processor.running]).toEqual([1, 1, 0]);
      expect(await queues.waiting('probe')).toBe(1);
    });

    it('aborts work that outlasts the grace, and the message is delivered elsewhere', async () => {
      const queues = await open();
      const started = createInbox<AbortSignal>();
      await queues.add('probe', shard(1), { id: 'one' });
      const first = queues.process(
        'probe',
        async (_message, { signal }) => {
          started.put(signal);
          await once(signal, 'abort');
          throw signal.reason;
        },
        rules,
      );
      const [signal] = await started.until(1);
      await first.close({ graceMs: 0 });
      expect(signal?.reason).toMatchObject({ code: 'QUEUE_JOB_HANDED_BACK' });
      expect(await queues.waiting('probe')).toBe(1);
      expect(await queues.add('probe', shard(1), { id: 'one' })).toBe('duplicate');

      const deliveries = createInbox<number>();
      queues.process('probe', async (_message, { delivery }) => deliveries.put(delivery), rules);
      expect(await deliveries.until(1)).toEqual([2]);
    });

    it('hands back the message of a handler that does not hear the abort', async () => {
      const log = createKeptLog();
      const queues = await open(log);
      await queues.add('probe', shard(4));
      const { processor: deaf, latch } = await startDeaf(queues);
      await deaf.close({ graceMs: 0 });
      expect(log.lines).toEqual(['warn: 1 messages of probe go back while work on them has not ended']);
      const inbox = createInbox<number>();
      collect(queues, inbox);
      await inbox.until(1);
      latch.open();
    });

    it('delivers the messages of a killed worker process to another', async () => {
      const queues = await open();
      await queues.add('probe', shard(1));
      await queues.add('probe', shard(2));
      const { child, said } = startChild('hold');
      await said.until((message) => message.taken === 2);
      expect(await queues.waiting('probe')).toBe(0);
      child.kill('SIGKILL');
      const redelivered = createInbox<[number, number]>();
      queues.process('probe', async ({ shardNumber }, { delivery }) => redelivered.put([shardNumber, delivery]), rules);
      await redelivered.until(2);
      expect([...redelivered.items].sort()).toEqual([
        [1, 2],
        [2, 2],
      ]);
    });

    it('leaves nothing open that keeps the process alive', async () => {
      const queues = await open();
      const { child, said, exited } = startChild('finish');
      await said.until((message) => message.ready === true);
      await queues.add('probe', shard(1));
      await said.until((message) => message.taken === 1);
      child.send('close');
      expect(await exited).toEqual([0, null]);
      expect(await queues.waiting('probe')).toBe(0);
    });

    it('leaves nothing open either when its server is away', async () => {
      const { child, said, exited } = startChild('finish');
      await said.until((message) => message.ready === true);
      await server().stop();
      child.send('close');
      expect(await exited).toEqual([0, null]);
      await server().start();
    });

    it('tells a handler to stop when its message was given to another worker', async () => {
      const queues = await open(createKeptLog(), SHORT_LOCK);
      const started = createInbox<AbortSignal>();
      await queues.add('probe', shard(1));
      const processor = queues.process(
        'probe',
        async (_message, { signal, delivery }) => {
          started.put(signal);
          if (delivery > 1) return;
          await once(signal, 'abort');
          throw signal.reason;
        },
        rules,
      );
      const [signal] = await started.until(1);
      await server().breakLocks('probe');
      await started.until(2);
      expect(signal?.reason).toMatchObject({ code: 'QUEUE_JOB_LOST' });
      await processor.drain();
      expect(await queues.waiting('probe')).toBe(0);
    });
  });

  describe(`a queue on ${name}, when its server is away`, () => {
    it('refuses to add and to count, works again when it is back, and says both once', async () => {
      const log = createKeptLog();
      const queues = await open(log);
      const inbox = createInbox<number>();
      collect(queues, inbox);
      await queues.add('probe', shard(1));
      await inbox.until(1);

      await server().stop();
      for (let number = 10; number < 15; number += 1) {
        await expect(queues.add('probe', shard(number))).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE' });
      }
      await expect(queues.waiting('probe')).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE' });
      await server().start();

      await addWhenBack(queues, 2);
      await inbox.until((number) => number === 2);
      const count = (what: string) => log.lines.filter((line) => line.includes(what)).length;
      // The side that adds says it once, and the side that works if it was away for long enough to be missed.
      expect([1, 2]).toContain(count('is in trouble'));
      expect(count('is well again')).toBe(count('is in trouble'));
      expect(log.lines).toHaveLength(2 * count('is in trouble'));
    });

    it('does its work too when it was started meanwhile', async () => {
      const queues = await open();
      const inbox = createInbox<number>();
      await queues.add('probe', shard(1));
      await server().stop();
      collect(queues, inbox);
      await server().start();
      await inbox.until(1);
    });

    it('finishes the work that was under way when it went, without doing it again', async () => {
      const queues = await open();
      const started = createInbox<number>();
      const latch = createLatch();
      await queues.add('probe', shard(1));
      const processor = queues.process(
        'probe',
        async ({ shardNumber }) => {
          started.put(shardNumber);
          await latch.opened;
        },
        { ...rules, concurrency: 1 },
      );
      await started.until(1);
      await server().stop();
      latch.open();
      await server().start();
      await processor.drain();
      await addWhenBack(queues, 2);
      await processor.resume();
      await started.until((number) => number === 2);
      expect(started.items).toEqual([1, 2]);
    });

    it('finishes the work that was under way while it took no writes, without doing it again', async () => {
      const log = createKeptLog();
      const queues = await open(log);
      const started = createInbox<number>();
      const latch = createLatch();
      await queues.add('probe', shard(1), { id: 'one' });
      const processor = queues.process(
        'probe',
        async ({ shardNumber }) => {
          started.put(shardNumber);
          await latch.opened;
        },
        rules,
      );
      await started.until(1);
      await server().fill();
      latch.open();
      const drained = processor.drain();
      // Redis frees memory by this answer, and so takes it in any case.
      await Promise.race([drained, log.until('is in trouble')]);
      await server().makeRoom();
      await drained;
      await addWhenBack(queues, 2);
      expect(await queues.add('probe', shard(1), { id: 'one' })).toBe('added');
      expect(started.items).toEqual([1]);
    });

    it('loses no message that was added before it was killed', async () => {
      const queues = await open();
      const numbers = Array.from({ length: 60 }, (_, index) => index);
      await Promise.all(numbers.map((number) => queues.add('probe', shard(number))));
      const inbox = createInbox<number>();
      collect(queues, inbox);
      await inbox.until(10);
      await server().kill();
      await server().start();
      const seen = new Set<number>();
      await inbox.until((number) => seen.add(number).size === numbers.length);
    });

    it('closes in spite of it', async () => {
      const queues = await open();
      await queues.add('probe', shard(1));
      const { processor, latch } = await startDeaf(queues);
      await server().stop();
      await processor.close({ graceMs: 0 });
      await queues.close();
      latch.open();
      await server().start();
      const again = await open();
      const inbox = createInbox<number>();
      collect(again, inbox);
      expect(await inbox.until(1)).toEqual([1]);
    });

    it('says that it is full when it takes no more, and takes messages again when there is room', async () => {
      const queues = await open();
      const inbox = createInbox<number>();
      await queues.add('probe', shard(1));
      await server().fill();
      await expect(addWhenBack(queues, 2)).rejects.toMatchObject({ code: 'QUEUE_FULL' });
      await server().makeRoom();
      await addWhenBack(queues, 3);
      collect(queues, inbox);
      await inbox.until((number) => number === 3);
      expect(inbox.items).toEqual([1, 3]);
    });
  });
}

/** Adds as soon as the server answers; each try waits for it or is refused by its connection's own pace. */
async function addWhenBack(queues: TestQueues, shardNumber: number): Promise<void> {
  for (;;) {
    try {
      await queues.add('probe', { scanId: '1', shardNumber });
      return;
    } catch (caught) {
      if ((caught as { code?: string }).code !== 'QUEUE_UNREACHABLE') throw caught;
      await new Promise(setImmediate);
    }
  }
}
