import { CLASSIFIER, CLOSING_RULES, loadCensus, storeEvidenceOf } from '@kubecensus/indexer';
import { planScan } from '@kubecensus/seeder';
import { AddressSetBuilder, parseRange, Scope } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import { emptyShardSummary } from '@kubecensus/shared/messages';
import { defineBench, type Figure } from '../define-bench.ts';
import { median } from '../measure/median.ts';
import { openBenchStore } from '../measure/open-bench-store.ts';
import { cpuOfTree, postmasterOf } from '../measure/server-processes.ts';
import { createRandom } from '../population/random.ts';
import { probeLab } from './live/probe-lab.ts';
import { simulateEndpoint, toTemplate } from './live/simulate-endpoint.ts';

const ENDPOINTS = 1_500_000;
const WEEKS = 52;
const CHANGE = 30;
/** Pieces of evidence stored in one transaction. */
const PAGE = 2000;
const FIRST = Date.parse('2025-01-06T00:00:00Z');
const WEEK_MS = 604_800_000;

/** Weekly censuses by the bulk path: evidence of what changed, then all findings by COPY, then the close of any scan. */
export default defineBench({
  about: 'weekly censuses taken into the record by the bulk path, no queue, same store code',
  settings: {
    endpoints: `endpoints in a census (${ENDPOINTS})`,
    weeks: `weekly censuses (${WEEKS})`,
    change: `of 1,000 endpoints those that show another certificate in the next week (${CHANGE})`,
    seed: 'of what changes (1)',
  },
  async *run({ directory, number, say, signal }) {
    const [endpoints, weeks] = [number('endpoints', ENDPOINTS), number('weeks', WEEKS)];
    const templates = (await probeLab()).map(toTemplate);
    const store = await openBenchStore(directory);
    try {
      const postmaster = await postmasterOf(store);
      const random = createRandom(number('seed', 1));
      const editions = new Uint8Array(endpoints);
      const hashes: string[] = new Array(endpoints);
      const runs: number[] = [];
      let cpu = 0;
      let opened = 0;
      for (let week = 1; week <= weeks + 1 && !signal.aborted; week += 1) {
        // The last week is the one before once more.
        const isAgain = week === weeks + 1;
        const changed: number[] = [];
        for (let at = 0; at < endpoints && !isAgain; at += 1) {
          if (week > 1 && random() * 1000 >= number('change', CHANGE)) continue;
          if (week > 1) editions[at] = (editions[at] ?? 0) + 1;
          changed.push(at);
        }
        const begin = performance.now();
        const cpuBefore = cpuOfTree(postmaster) + process.cpuUsage().user / 1e6;
        const observedAt = FIRST + (week - 1) * WEEK_MS;
        for (let at = 0; at < changed.length; at += PAGE) {
          const page = changed.slice(at, at + PAGE);
          const seen = page.map((one) => simulateEndpoint(templates, one, editions[one] ?? 0, observedAt));
          const stored = await storeEvidenceOf(store.pool('writer'), CLASSIFIER, seen);
          for (const [nth, one] of page.entries()) hashes[one] = stored[nth] ?? '';
        }
        const evidenceSeconds = (performance.now() - begin) / 1000;
        const scanId = await planWeek(store, observedAt, endpoints);
        const findings = function* () {
          for (let at = 0; at < endpoints; at += 1) {
            const { address, port, component, outcome } = simulateEndpoint(
              templates,
              at,
              editions[at] ?? 0,
              observedAt,
            );
            yield { address, port, component, outcome, observedAt, evidenceHash: hashes[at] ?? '' };
          }
        };
        const closed = await loadCensus(store.pool('writer'), scanId, findings(), CLOSING_RULES);
        const seconds = (performance.now() - begin) / 1000;
        cpu = cpuOfTree(postmaster) + process.cpuUsage().user / 1e6 - cpuBefore;
        const parts = `${changed.length} pieces of evidence in ${evidenceSeconds.toFixed(1)} s`;
        say(`week ${week}: ${seconds.toFixed(1)} s, ${parts}, opened ${closed?.opened}, changed ${closed?.changed}`);
        if (isAgain) yield toAgain(closed?.opened ?? 0, closed?.changed ?? 0, seconds);
        else if (week > 1) runs.push(endpoints / seconds);
        opened += closed?.opened ?? 0;
        if (week !== weeks) continue;
        yield {
          name: 'loading/rows-per-second',
          value: median(runs),
          unit: 'sighting rows per second, evidence and the close of their census included',
          runs,
          limit: { of: 'value', atLeast: 40_000 },
          note: `${endpoints} endpoints; the last week cost ${cpu.toFixed(1)} s of CPU, PostgreSQL included; the first one, all new, is left out`,
        };
        yield* measureSizes(store, opened);
      }
    } finally {
      await store.close();
    }
  },
});

async function planWeek(store: Database, asOf: number, endpoints: number): Promise<string> {
  const addresses = new AddressSetBuilder().add(parseRange('127.32.0.0/11')).build();
  const { scanId } = await planScan(store.pool('writer'), {
    kind: 'census',
    targets: Scope.of([{ ports: [443, 6443, 16443], addresses }]),
    rate: 1_000_000,
    method: { version: 'bench', thorough: false },
    asOf: new Date(asOf),
  });
  await store
    .pool('writer')
    .query(
      `UPDATE shards SET state = 'done', attempt = 1, batch_count = 0, finished_at = now(), summary = $2 WHERE scan_id = $1`,
      [scanId, { ...emptyShardSummary(), targets: endpoints, outcomes: { answered: endpoints } }],
    );
  return scanId;
}

function toAgain(opened: number, changed: number, seconds: number): Figure {
  return {
    name: 'loading/same-week-again',
    value: opened + changed,
    unit: 'sightings opened or ended by the same findings again',
    runs: [seconds],
    limit: { of: 'value', atMost: 0 },
  };
}

async function* measureSizes(store: Database, sightings: number): AsyncGenerator<Figure> {
  const { rows } = await store
    .pool()
    .query<{ total: string; certificates: string }>(
      `SELECT pg_database_size(current_database())::text AS total, pg_total_relation_size('certificates')::text AS certificates`,
    );
  const certificates = Number(rows[0]?.certificates) / 1e6;
  const value = Number(rows[0]?.total) / 1e6 - certificates;
  yield {
    name: 'loading/record-size',
    value,
    unit: 'MB of PostgreSQL without certificates',
    runs: [value],
    limit: { of: 'value', atMost: 8000 },
    note: `${sightings} sightings; certificates, with their DER and the index of their names, need ${Math.round(certificates)} MB more`,
  };
}
