import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { StreamSlots } from './stream-slots.ts';

const refused = expect.objectContaining({ code: 'API_STREAMS_EXCEEDED' });

test('one asker has four streams at once, and a fifth when one of them has ended', async () => {
  const slots = new StreamSlots();
  const open = Array.from({ length: 4 }, () => new Readable({ read() {} }));
  for (const stream of open) slots.hold('key 1', stream);
  const fifth = new Readable({ read() {} });
  expect(() => slots.hold('key 1', fifth)).toThrow(refused);
  expect(fifth.destroyed).toBe(true);
  slots.hold('key 2', new Readable({ read() {} }));
  const closed = once(open[0] as Readable, 'close');
  open[0]?.destroy();
  await closed;
  slots.hold('key 1', new Readable({ read() {} }));
  expect(() => slots.hold('key 1', new Readable({ read() {} }))).toThrow(refused);
});

test('all askers together have thirty-two', () => {
  const slots = new StreamSlots();
  for (let at = 0; at < 32; at += 1) slots.hold(`key ${at >> 2}`, new Readable({ read() {} }));
  expect(() => slots.hold('key 99', new Readable({ read() {} }))).toThrow(refused);
});
