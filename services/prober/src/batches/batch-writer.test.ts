import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { MAX_BATCH_BYTES, type Observation } from '@kubecensus/shared/messages';
import { expect, it } from 'vitest';
import { createBatchWriter, MAX_UNPACKED_CHARACTERS } from './batch-writer.ts';

function observation(port: number, body: Buffer): Observation {
  return {
    address: '127.0.0.1',
    port,
    component: 'kube-apiserver',
    outcome: 'answered',
    observedAt: 1,
    durationMs: 2,
    evidence: { chain: [], chainLength: 0, response: { status: 200, headers: [], body: body.toString('base64') } },
  };
}

function unpack(batch: string): Observation[] {
  const lines = gunzipSync(Buffer.from(batch, 'base64')).toString('utf8').split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as Observation);
}

it('every observation comes out once, in order, whatever their sizes, and no batch is over the cap', () => {
  const writer = createBatchWriter();
  const bodies = Array.from({ length: 400 }, (_, index) => randomBytes((index * 7919) % 40_000));
  const batches = bodies.flatMap((body, index) => writer.add(observation(index + 1, body)));
  batches.push(...writer.flush());
  expect(batches.length).toBeGreaterThan(30);
  expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(MAX_BATCH_BYTES);
  expect(batches.flatMap(unpack)).toEqual(bodies.map((body, index) => observation(index + 1, body)));
  expect(writer.waiting).toBe(0);
});

it('a batch is filled to more than half before it is given out', () => {
  const writer = createBatchWriter();
  const batches = Array.from({ length: 300 }, (_, index) => observation(index + 1, randomBytes(2000))).flatMap((one) =>
    writer.add(one),
  );
  expect(batches.length).toBeGreaterThan(2);
  for (const batch of batches) expect(batch.length).toBeGreaterThan(MAX_BATCH_BYTES / 2);
});

it('text that packs a thousand to one does not unpack beyond its own cap', () => {
  const writer = createBatchWriter();
  const zeros = Buffer.alloc(60_000);
  const batches = Array.from({ length: 120 }, (_, index) => observation(index + 1, zeros)).flatMap((one) =>
    writer.add(one),
  );
  batches.push(...writer.flush());
  for (const batch of batches) {
    expect(gunzipSync(Buffer.from(batch, 'base64')).length).toBeLessThanOrEqual(MAX_UNPACKED_CHARACTERS);
  }
  expect(batches.flatMap(unpack)).toHaveLength(120);
});

it('the largest observation that the caps of a probe allow fits, and one that cannot fit is told', () => {
  const writer = createBatchWriter();
  writer.add(observation(1, randomBytes(180_000)));
  const batches = writer.flush();
  expect(batches).toHaveLength(1);
  expect(writer.tooLarge).toBe(0);
  writer.add(observation(2, randomBytes(200_000)));
  writer.add(observation(3, randomBytes(10)));
  expect(
    writer
      .flush()
      .flatMap(unpack)
      .map((one) => one.port),
  ).toEqual([3]);
  expect(writer.tooLarge).toBe(1);
  expect(writer.waiting).toBe(0);
});

it('nothing waits, nothing is given out', () => {
  expect(createBatchWriter().flush()).toEqual([]);
});
