import { expect, it } from 'vitest';
import { createRecorder, MAX_ARRIVAL_BYTES } from './recorder.ts';

const CONNECTION = { address: '127.0.0.1', port: 443, remotePort: 4000 };

it('the ring keeps the newest connections, oldest first', () => {
  const recorder = createRecorder({ enabled: true, maxArrivals: 3 });
  for (let count = 0; count < 5; count += 1) recorder.open(CONNECTION);
  expect(recorder.arrivals().map(({ connection }) => connection)).toEqual([3, 4, 5]);
  recorder.clear();
  expect(recorder.arrivals()).toEqual([]);
});

it.each([-1, 0, 1])('bytes of one connection are kept up to the cap (%i beyond it)', (beyond) => {
  const recorder = createRecorder({ enabled: true });
  const writer = recorder.open(CONNECTION);
  writer?.first(Buffer.alloc(10));
  writer?.first(Buffer.alloc(MAX_ARRIVAL_BYTES - 10 + beyond));
  writer?.request(Buffer.alloc(MAX_ARRIVAL_BYTES + beyond));
  const [arrival] = recorder.arrivals();
  const kept = Math.min(MAX_ARRIVAL_BYTES, MAX_ARRIVAL_BYTES + beyond);
  expect(arrival?.first.length).toBe(2 * kept);
  expect(arrival?.request.length).toBe(kept);
});

it('nothing is kept while recording is off', () => {
  const recorder = createRecorder({ enabled: false });
  expect(recorder.open(CONNECTION)).toBeNull();
  expect(recorder.arrivals()).toEqual([]);
});
