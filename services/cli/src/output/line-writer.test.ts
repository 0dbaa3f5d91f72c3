import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLineWriter } from './line-writer.ts';

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

test('the lines of one turn of the event loop are one write', async () => {
  const { stream, taken } = slowReader();
  const lines = createLineWriter(stream);
  for (const line of ['a\n', 'b\n', 'c\n']) lines.write(line);
  expect(taken).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toEqual(['a\nb\nc\n']);
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

test('many lines of one turn do not wait for its end', () => {
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
