import { CLASSIFIER, reclassify } from '@kubecensus/indexer';
import { defineBench } from '../define-bench.ts';
import { openBenchStore } from '../measure/open-bench-store.ts';
import { cpuOfTree, postmasterOf } from '../measure/server-processes.ts';
import { probeLab } from './live/probe-lab.ts';
import { fillRecord } from './reclassify/fill-record.ts';

const ENDPOINTS = 1_500_000;
const MINUTES = 10;

/** All verdicts of a large record again, revisions of its census included, beside an idle indexer. */
export default defineBench({
  about: 'verdicts of a whole record again, by the rules of this version, with the revision of its census',
  settings: { endpoints: `endpoints of the record, each with evidence of its own (${ENDPOINTS})` },
  inBrief: { endpoints: 50_000 },
  async *run({ directory, number, say, signal }) {
    const count = number('endpoints', ENDPOINTS);
    const store = await openBenchStore(directory);
    try {
      const templates = await probeLab();
      say(`${templates.length} endpoints of the lab are the templates of ${count}`);
      await fillRecord(store, templates, count);
      say('the record is filled');
      const server = await postmasterOf(store);
      const serverBefore = cpuOfTree(server);
      const cpuBefore = process.cpuUsage();
      const begin = performance.now();
      let told = 0;
      const done = await reclassify(store.pool('writer'), {
        classifier: CLASSIFIER,
        signal,
        onProgress: ({ judged }) => {
          if (judged < told + count / 10) return;
          told = judged;
          say(`${judged} after ${Math.round((performance.now() - begin) / 1000)} s`);
        },
      });
      const wall = (performance.now() - begin) / 1000;
      const { user, system } = process.cpuUsage(cpuBefore);
      if (done.judged !== count) throw new Error(`${done.judged} of ${count} were judged`);
      const own = (user + system) / 1e6;
      const serverCpu = cpuOfTree(server) - serverBefore;
      const note = `${count} endpoints, 1 certificate each, an answer for two, ${done.revisions.length} revision`;
      const limit = { of: 'value', atMost: (MINUTES * 60 * count) / ENDPOINTS } as const;
      yield { name: 'reclassify/wall', value: wall, unit: 's', runs: [wall], limit, note };
      const perEndpoint = ((own + serverCpu) / count) * 1e6;
      yield {
        name: 'reclassify/cpu-per-endpoint',
        value: perEndpoint,
        unit: 'µs',
        runs: [perEndpoint],
        reference: { name: 'of which PostgreSQL', value: (serverCpu / count) * 1e6 },
        limit: { of: 'value', atMost: (MINUTES * 60 * 1e6) / ENDPOINTS },
        note: 'the limit is what ten minutes of one core come to for 1.5 million',
      };
    } finally {
      await store.close();
    }
  },
});
