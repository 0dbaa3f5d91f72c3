import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { FinalWorkError, MAX_MESSAGE_BYTES, type ProcessOptions } from '../shared/src/queue/index.ts';
import { createInbox, createLatch } from './support/inbox.ts';
import { openTestQueues, type QueueServer, type TestQueues } from './support/queue-server.ts';

/** What every server that keeps queues must do, in quiet times. `server` is started before and closed after. */
export function describeQueue(name: string, server: () => QueueServer): void {
  const opened: TestQueues[] = [];
  const open = async () => {
    const queues = await openTestQueues(server().url);
    opened.push(queues);
    return queues;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queues) => queues.close()));
    await server().clear();
  });

  const shard = (shardNumber: number) => ({ scanId: '1', shardNumber });
  const rules = <T>(more: Partial<ProcessOptions<T>> = {}): ProcessOptions<T> => ({
    concurrency: 1,
    firstRetryMs: 1,
    onPoison: (_raw, error) => {
      throw error;
    },
    ...more,
  });

  describe(`a queue on ${name}`, () => {
    it('delivers a message as it was added, once, and is empty when the work is done', async () => {
      const queues = await open();
      const inbox = createInbox<unknown>();
      expect(await queues.add('probe', shard(7), { id: 'scan-1.shard-7' })).toBe('added');
      expect(await queues.waiting('probe')).toBe(1);
      const processor = queues.process(
        'probe',
        async (message, { id, delivery }) => inbox.put({ message, id, delivery }),
        rules(),
      );
      await inbox.until(1);
      await processor.drain();
      expect(inbox.items).toEqual([{ message: shard(7), id: 'scan-1.shard-7', delivery: 1 }]);
      expect(await queues.waiting('probe')).toBe(0);
      expect(processor.running).toBe(0);
    });

    it('delivers every message, whoever added it and however many workers there are', async () => {
      const all = await Promise.all([open(), open(), open()]);
      const inbox = createInbox<number>();
      for (const queues of all) {
        queues.process('probe', async ({ shardNumber }) => inbox.put(shardNumber), rules({ concurrency: 4 }));
      }
      const numbers = Array.from({ length: 300 }, (_, index) => index);
      await Promise.all(numbers.map((number) => all[number % 3]?.add('probe', shard(number))));
      await inbox.until(300);
      expect([...inbox.items].sort((a, b) => a - b)).toEqual(numbers);
    });

    it('keeps no more messages under way than its concurrency', async () => {
      const queues = await open();
      const inbox = createInbox<number>();
      const latch = createLatch();
      await Promise.all([0, 1, 2, 3].map((number) => queues.add('probe', shard(number))));
      const processor = queues.process(
        'probe',
        async ({ shardNumber }) => {
          inbox.put(shardNumber);
          await latch.opened;
        },
        rules({ concurrency: 2 }),
      );
      await inbox.until(2);
      expect([processor.running, await queues.waiting('probe')]).toEqual([2, 2]);
      latch.open();
      await inbox.until(4);
      await processor.drain();
    });

    it('delivers a message again when its handler failed, until it succeeds', async () => {
      const queues = await open();
      const inbox = createInbox<number>();
      await queues.add('probe', shard(1));
      const processor = queues.process(
        'probe',
        async (_message, { delivery }) => {
          inbox.put(delivery);
          if (delivery < 4) throw new Error(`not yet \0 \ud800`);
        },
        rules(),
      );
      await inbox.until(4);
      await processor.drain();
      expect(inbox.items).toEqual([1, 2, 3, 4]);
      expect(await queues.waiting('probe')).toBe(0);
    });

    it('gives a message up after its attempts, tells so first, and frees its id', async () => {
      const queues = await open();
      const givenUp = createInbox<unknown>();
      let deliveries = 0;
      await queues.add('probe', shard(2), { id: 'two' });
      const processor = queues.process(
        'probe',
        async () => {
          deliveries += 1;
          throw new Error('never');
        },
        rules({ attempts: 3, onFailed: (message, error) => givenUp.put([message, error.message]) }),
      );
      await givenUp.until(1);
      await processor.drain();
      expect(givenUp.items).toEqual([[shard(2), 'never']]);
      expect(deliveries).toBe(3);
      expect(await queues.waiting('probe')).toBe(0);
      expect(await queues.add('probe', shard(2), { id: 'two' })).toBe('added');
      await processor.resume();
      await givenUp.until(2);
    });

    it('gives a message up at once when its handler says that trying again cannot help', async () => {
      const queues = await open();
      const givenUp = createInbox<string>();
      let deliveries = 0;
      await queues.add('probe', shard(3));
      queues.process(
        'probe',
        async () => {
          deliveries += 1;
          throw new FinalWorkError('the scan was aborted');
        },
        rules({ onFailed: (_message, error) => givenUp.put(error.message) }),
      );
      await givenUp.until(1);
      expect([givenUp.items, deliveries]).toEqual([['the scan was aborted'], 1]);
    });

    it('drops a message whose id waits or is worked on, and takes it again when that one is done', async () => {
      const queues = await open();
      const inbox = createInbox<number>();
      const latch = createLatch();
      const add = (number: number) => queues.add('probe', shard(number), { id: 'same' });
      const results = await Promise.all([add(0), add(1), add(2)]);
      expect(results.sort()).toEqual(['added', 'duplicate', 'duplicate']);
      expect(await queues.waiting('probe')).toBe(1);
      const processor = queues.process(
        'probe',
        async ({ shardNumber }) => {
          inbox.put(shardNumber);
          await latch.opened;
        },
        rules(),
      );
      await inbox.until(1);
      expect(await add(3)).toBe('duplicate');
      latch.open();
      await processor.drain();
      expect(await add(4)).toBe('added');
      await processor.resume();
      await inbox.until((number) => number === 4);
      expect(inbox.items).toHaveLength(2);
    });

    it('delivers messages without a priority first, then the lowest', async () => {
      const queues = await open();
      const inbox = createInbox<number>();
      for (const priority of [30, 10, 20]) await queues.add('probe', shard(priority), { priority });
      await queues.add('probe', shard(0));
      queues.process('probe', async ({ shardNumber }) => inbox.put(shardNumber), rules());
      await inbox.until(4);
      expect(inbox.items).toEqual([0, 10, 20, 30]);
    });

    it('counts a delayed message among the waiting, and delivers it after those of now', async () => {
      const queues = await open();
      const inbox = createInbox<number>();
      await queues.add('probe', shard(1), { delayMs: 50 });
      await queues.add('probe', shard(2));
      expect(await queues.waiting('probe')).toBe(2);
      queues.process('probe', async ({ shardNumber }) => inbox.put(shardNumber), rules());
      await inbox.until(2);
      expect([...inbox.items].sort()).toEqual([1, 2]);
    });

    it('hands what is not of the schema to the poison handler, spends it, and goes on', async () => {
      const queues = await open();
      const poison = createInbox<unknown>();
      const inbox = createInbox<number>();
      const foreign = [{ scanId: '1' }, { scanId: 'x', shardNumber: 1 }, 'text', [1, 2], 12];
      for (const data of foreign) await server().putRaw('probe', data);
      await queues.add('probe', shard(9));
      const processor = queues.process(
        'probe',
        async ({ shardNumber }) => inbox.put(shardNumber),
        rules({ onPoison: (raw, error) => poison.put([raw, error.code]) }),
      );
      await Promise.all([poison.until(foreign.length), inbox.until(1)]);
      await processor.drain();
      expect(poison.items).toEqual(foreign.map((raw) => [raw, 'QUEUE_MESSAGE_INVALID']));
      expect(await queues.waiting('probe')).toBe(0);
    });

    it('does not try a poison message for ever when the poison handler fails', async () => {
      const queues = await open();
      const tries = createInbox<string>();
      const inbox = createInbox<number>();
      await server().putRaw('probe', { nonsense: true });
      const processor = queues.process(
        'probe',
        async ({ shardNumber }) => inbox.put(shardNumber),
        rules({
          attempts: 3,
          onPoison: (_raw, error) => {
            tries.put(error.code);
            throw new Error('the record is away');
          },
        }),
      );
      await tries.until(3);
      await queues.add('probe', shard(1));
      await inbox.until(1);
      await processor.drain();
      expect(tries.items).toHaveLength(3);
      expect(await queues.waiting('probe')).toBe(0);
    });

    it('refuses what it cannot carry, with an error for each kind, and stores nothing', async () => {
      const queues = await open();
      const refusals: [string, () => Promise<unknown>][] = [
        ['QUEUE_MESSAGE_INVALID', () => queues.add('probe', { scanId: '1', shardNumber: -1 })],
        ['QUEUE_MESSAGE_UNSTORABLE', () => queues.add('text', { text: 'a\0b' })],
        ['QUEUE_MESSAGE_UNSTORABLE', () => queues.add('text', { text: '\ud83d' })],
        ['QUEUE_MESSAGE_UNSTORABLE', () => queues.add('text', { text: '\udc00\ud800' })],
        ['QUEUE_ID_INVALID', () => queues.add('text', { text: '' }, { id: 'a:b' })],
        ['QUEUE_ID_INVALID', () => queues.add('text', { text: '' }, { id: '' })],
        ['QUEUE_ID_INVALID', () => queues.add('text', { text: '' }, { id: 'x'.repeat(129) })],
      ];
      for (const [code, add] of refusals) await expect(add()).rejects.toMatchObject({ code });
      expect(await queues.waiting('text')).toBe(0);
      expect(await queues.add('text', { text: '' }, { id: 'x'.repeat(128), delayMs: 1 })).toBe('added');
    });

    it('carries a message up to its largest size, and no larger one', async () => {
      const queues = await open();
      const inbox = createInbox<string>();
      const envelope = JSON.stringify({ text: '' }).length;
      const sized = (bytes: number) => ({ text: 'x'.repeat(bytes - envelope) });
      expect(await queues.add('text', sized(MAX_MESSAGE_BYTES - 1))).toBe('added');
      expect(await queues.add('text', sized(MAX_MESSAGE_BYTES))).toBe('added');
      await expect(queues.add('text', sized(MAX_MESSAGE_BYTES + 1))).rejects.toMatchObject({
        code: 'QUEUE_MESSAGE_TOO_LARGE',
      });
      queues.process('text', async ({ text }) => inbox.put(text), rules());
      await inbox.until(2);
      expect(inbox.items.map((text) => text.length + envelope)).toEqual([MAX_MESSAGE_BYTES - 1, MAX_MESSAGE_BYTES]);
    });

    it('carries a full batch of observations, and refuses one byte more by its own error', async () => {
      const queues = await open();
      const inbox = createInbox<number>();
      const batch = (length: number) => ({
        scanId: '9223372036854775807',
        shardNumber: 2 ** 31,
        attempt: 1,
        batchNumber: 3,
        observations: 'A'.repeat(length),
      });
      expect(await queues.add('index', batch(256 * 1024))).toBe('added');
      await expect(queues.add('index', batch(256 * 1024 + 1))).rejects.toMatchObject({
        code: 'QUEUE_MESSAGE_TOO_LARGE',
      });
      queues.process('index', async ({ observations }) => inbox.put(observations.length), rules());
      await inbox.until(1);
      expect(inbox.items).toEqual([256 * 1024]);
    });

    it('carries any text whole, or says that it cannot', async () => {
      const queues = await open();
      const inbox = createInbox<string>();
      queues.process('text', async ({ text }) => inbox.put(text), rules({ concurrency: 4 }));
      const strange = [
        '\u202e',
        '\ufeff\uffff\ufffe',
        '\\u0000',
        '\\\\ud800',
        '"\r\n\u001b[2J',
        '👩‍👩‍👧',
        'e\u0301',
        '\u0001\u007f',
      ];
      const anyText = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
        fc.string({ unit: fc.constantFrom('\\', 'u', '0', 'd', '8', '"', '\0', '\ud800', '\udc00') }),
        fc.constantFrom(...strange),
      );
      await fc.assert(
        fc.asyncProperty(anyText, async (text) => {
          const isStorable = !text.includes('\0') && Buffer.from(text).toString() === text;
          if (!isStorable) {
            await expect(queues.add('text', { text })).rejects.toMatchObject({ code: 'QUEUE_MESSAGE_UNSTORABLE' });
            return;
          }
          await queues.add('text', { text });
          await inbox.until((seen) => seen === text);
        }),
        { seed: 20_240_801, numRuns: 60, examples: strange.map((text) => [text]) },
      );
    });

    it('takes no message while it is paused, finishes the one under way, and goes on when it is told to', async () => {
      const queues = await open();
      const inbox = createInbox<number>();
      const latch = createLatch();
      const processor = queues.process(
        'probe',
        async ({ shardNumber }) => {
          inbox.put(shardNumber);
          await latch.opened;
        },
        rules(),
      );
      await queues.add('probe', shard(1));
      await queues.add('probe', shard(2));
      await inbox.until(1);
      await processor.pause();
      latch.open();
      await processor.drain();
      expect(inbox.items).toHaveLength(1);
      expect(await queues.waiting('probe')).toBe(1);
      await processor.resume();
      await inbox.until(2);
    });

    it('a scheduled message comes again and again, one schedule of an id at a time', async () => {
      const queues = await open();
      const inbox = createInbox<number>();
      await queues.schedule('probe', 'walk', { everyMs: 3_600_000 }, shard(1));
      // By the clock, as the product's one schedule is. Each 40 ms was tried: in some runs it stopped for good.
      await queues.schedule('probe', 'walk', { cron: '* * * * * *' }, shard(2));
      const processor = queues.process('probe', async ({ shardNumber }) => inbox.put(shardNumber), rules());
      await inbox.until(3);
      await processor.close();
      expect(new Set(inbox.items)).toEqual(new Set([2]));
      await expect(queues.schedule('probe', 'a:b', { everyMs: 40 }, shard(1))).rejects.toMatchObject({
        code: 'QUEUE_ID_INVALID',
      });
    });

    it('says so when it is used after its close', async () => {
      const queues = await open();
      await queues.close();
      await queues.close();
      await expect(queues.add('probe', shard(1))).rejects.toMatchObject({ code: 'QUEUE_CLOSED' });
      await expect(queues.waiting('probe')).rejects.toMatchObject({ code: 'QUEUE_CLOSED' });
      expect(() => queues.process('probe', async () => {}, rules())).toThrow('closed');
    });
  });
}
