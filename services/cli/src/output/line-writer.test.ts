import { PassThrough, Writable } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { createLineWriter } from './line-writer.ts';

afterEach(() => void vi.useRealTimers());

/** Takes what it is given only when told to. */
function slowReader() {
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  const stream = new Writable({
    highWaterMark: 16,
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      taken.push(chunk);
      waiting.push(done);
    },
  });
  return { stream, taken, take: () => waiting.shift()?.() };
}

test('lines that follow one another are one write, and none is held for longer than 20 ms', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { stream, taken } = slowReader();
  const lines = createLineWriter(stream);
  for (const line of ['a\n', 'b\n', 'c\n']) lines.write(line);
  vi.advanceTimersByTime(19);
  expect(taken).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(taken).toEqual(['a\nb\nc\n']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a reader that is slower holds the writer back until it has read', async () => {
  const { stream, take } = slowReader();
  const lines = createLineWriter(stream);
  lines.write('more than sixteen characters\n');
  expect(lines.hold()).toBeUndefined();
  lines.flush();
  const held = lines.hold();
  expect(held).toBeInstanceOf(Promise);
  expect(lines.hold()).toBe(held);
  take();
  await held;
  expect(lines.hold()).toBeUndefined();
});

test('however many are held back, the stream has one listener of each kind', () => {
  const { stream } = slowReader();
  const lines = createLineWriter(stream);
  lines.write('more than sixteen characters\n');
  lines.flush();
  for (let index = 0; index < 1000; index += 1) lines.hold();
  expect(stream.listenerCount('drain')).toBe(1);
  expect(stream.listenerCount('close')).toBe(1);
});

test('many lines at once are not held', () => {
  const { stream, taken } = slowReader();
  const lines = createLineWriter(stream);
  for (let index = 0; index < 20; index += 1) lines.write(`${'x'.repeat(8191)}\n`);
  expect(taken).toHaveLength(1);
});

test('a reader that goes away releases who was held back, and nothing more is written to it', async () => {
  const stream = new PassThrough({ highWaterMark: 16 });
  const lines = createLineWriter(stream);
  lines.write('more than sixteen characters\n');
  lines.flush();
  const held = lines.hold();
  stream.destroy();
  await held;
  expect(lines.closed.aborted).toBe(true);
  expect(lines.hold()).toBeUndefined();
  lines.write('for nobody\n');
  lines.flush();
  expect(stream.errored).toBeNull();
});
