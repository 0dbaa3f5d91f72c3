import { createKeyText, insertKey, toKeyHash } from '@kubecensus/api';
import { defineBench } from '../define-bench.ts';
import { memoryOfProcess } from '../measure/memory.ts';
import { openBenchStore } from '../measure/open-bench-store.ts';
import { startApi } from './slow-reader/api-process.ts';
import { fillCensus, LINE_BYTES } from './slow-reader/fill-census.ts';
import { readSlowly } from './slow-reader/read-slowly.ts';

const MEGABYTES = 1000;
const PACE = 25;
const STALL_SECONDS = 10;
const MB = 1_000_000;

/** The memory of the api while somebody takes a large export slowly, beside what it holds after a small one. */
export default defineBench({
  about: 'growth of the api process under a slow reader of a large export, over a bare socket',
  settings: {
    megabytes: `size of the export (${MEGABYTES})`,
    pace: `MB per second that the reader takes (${PACE})`,
    stall: `seconds in which it takes nothing at all (${STALL_SECONDS})`,
  },
  inBrief: { megabytes: 100, stall: 3 },
  async *run({ number, say, directory, signal }) {
    const megabytes = number('megabytes', MEGABYTES);
    const store = await openBenchStore(directory);
    try {
      const endpoints = Math.ceil((megabytes * MB) / LINE_BYTES);
      say(`${endpoints} endpoints`);
      await fillCensus(store.pool('owner'), endpoints);
      const key = createKeyText();
      const hash = toKeyHash(key);
      if (hash === undefined) throw new Error('a new key has a hash');
      const expiresAt = new Date(Date.now() + 86_400_000);
      await insertKey(store.pool('owner'), { hash, role: 'researcher', label: 'bench', ranges: [], expiresAt });
      const api = await startApi(store.url('reader'), directory);
      try {
        const base = { port: api.port, key, signal };
        const fast = { stallMs: 0, bytesPerSecond: 1e12, onTick: () => undefined };
        // Code is compiled and pools are open after this.
        for (let time = 0; time < 3; time += 1) {
          await readSlowly({ ...base, ...fast, path: '/v1/export?q=ip:198.18.0.0-198.18.3.255' });
        }
        const before = memoryOfProcess(api.pid).resident;
        const resident: number[] = [];
        const read = await readSlowly({
          ...base,
          path: '/v1/export',
          stallMs: number('stall', STALL_SECONDS) * 1000,
          bytesPerSecond: number('pace', PACE) * MB,
          onTick: () => resident.push(memoryOfProcess(api.pid).resident),
        });
        if (!read.isWhole) throw new Error(`the export ended after ${read.bytes} bytes without its last chunk`);
        say(`${(read.bytes / MB).toFixed(0)} MB in ${read.seconds.toFixed(1)} s`);
        const peak = Math.max(...resident);
        const third = Math.ceil(resident.length / 3);
        const [early, late] = [Math.max(...resident.slice(0, third)), Math.max(...resident.slice(-third))];
        yield {
          name: 'slow-reader/drift',
          value: (late - early) / MB,
          unit: 'MB',
          runs: [(late - early) / MB],
          limit: { of: 'value', atMost: 60 },
          note: 'peak of the last third of the time over that of the first: what grows with the size would show here',
        };
        yield {
          name: 'slow-reader/growth',
          value: (peak - before) / MB,
          unit: 'MB',
          reference: { name: 'resident after small exports', value: before / MB },
          runs: [(peak - before) / MB],
          limit: { of: 'value', atMost: 150 },
          note: `${(read.bytes / MB).toFixed(0)} MB read over a bare socket in ${read.seconds.toFixed(0)} s, peak ${(peak / MB).toFixed(0)} MB resident`,
        };
      } finally {
        await api.stop();
      }
    } finally {
      await store.close();
    }
  },
});
