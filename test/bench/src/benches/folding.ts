import { findEndpoints, foldCensus, markEvidence } from '@kubecensus/indexer';
import { withTransaction } from '@kubecensus/shared/database';
import { defineBench, type Figure } from '../define-bench.ts';
import { openBenchStore } from '../measure/open-bench-store.ts';
import { countFolded, insertFoldingCensus, insertFoldingSeries } from './folding/store/insert-folding-census.ts';

const ENDPOINTS = 1_500_000;
const CENSUSES = 3;
const CHANGED_PERCENT = 3;

/** Clusters folded at the close of a census: of the first one everything is new, of the others what changed. */
export default defineBench({
  about: 'clusters of a census: marks of its new evidence, then the fold, of a first census and of those that follow',
  settings: {
    endpoints: `endpoints in each census (${ENDPOINTS})`,
    censuses: `censuses (${CENSUSES})`,
    changed: `of 100 endpoints show another certificate in the next census (${CHANGED_PERCENT})`,
  },
  inBrief: { endpoints: 100_000 },
  async *run({ directory, number, say, signal }) {
    const endpoints = number('endpoints', ENDPOINTS);
    const store = await openBenchStore(directory);
    try {
      const pool = store.pool('owner');
      const seriesId = await insertFoldingSeries(pool);
      for (let censusNumber = 1; censusNumber <= number('censuses', CENSUSES); censusNumber += 1) {
        if (signal.aborted) return;
        say(`census ${censusNumber}: writing ${endpoints} endpoints`);
        const changedPercent = number('changed', CHANGED_PERCENT);
        const scanId = await insertFoldingCensus(pool, { endpoints, censusNumber, changedPercent });
        const kind = censusNumber === 1 ? 'first' : 'next';
        const note = `${endpoints} endpoints${censusNumber === 1 ? '' : `, ${changedPercent} of 100 changed`}`;
        const marked = await seconds(() => withTransaction(pool, (client) => markEvidence(client)));
        yield toFigure(`folding/${kind}-marks`, marked, note);
        const folded = await seconds(() =>
          withTransaction(pool, (client) =>
            findEndpoints(client, scanId).then(() => foldCensus(client, { seriesId, censusNumber })),
          ),
        );
        yield { ...toFigure(`folding/${kind}-fold`, folded, note), limit: { of: 'value', atMost: 120 } };
        const { members, clusters, templates } = await countFolded(pool);
        say(`${members} members of ${clusters} clusters, ${templates} by a template`);
      }
    } finally {
      await store.close();
    }
  },
});

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return (performance.now() - startedAt) / 1000;
}

function toFigure(name: string, value: number, note: string): Figure {
  return { name, value, unit: 's', runs: [value], note };
}
