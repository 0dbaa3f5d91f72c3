import { CLASSIFIER, exposure, fingerprint, partsToFacts, toStoredParts } from '@kubecensus/indexer';
import { defineBench, type Figure } from '../define-bench.ts';
import { median } from '../measure/median.ts';
import { probeLab } from './live/probe-lab.ts';
import { simulateEndpoint, toTemplate } from './live/simulate-endpoint.ts';

const ENDPOINTS = 50_000;
const RUNS = 7;
/** Classifications a second of one core. */
const PROMISED = 100_000;

/** What a classification costs, from the bytes as they are stored and from facts that were read before. */
export default defineBench({
  about: 'classifications per second of CPU: from stored evidence (DER, first flight, answer), and from facts',
  settings: {
    endpoints: `endpoints, each with a certificate of its own (${ENDPOINTS})`,
    runs: `times that all of them are judged (${RUNS})`,
  },
  inBrief: { runs: 3 },
  async *run({ number, say }) {
    const templates = (await probeLab()).map(toTemplate);
    const count = number('endpoints', ENDPOINTS);
    say(`${templates.length} endpoints of the lab, each with other serial numbers, stand for ${count}`);
    const heads = Array.from({ length: count }, (_, endpoint) => {
      const { component, port, reason, evidence } = simulateEndpoint(templates, endpoint, 0, 0);
      return { head: { component, port, reason: reason ?? null }, parts: toStoredParts(evidence) };
    });
    // Caches go by the identity of a part: a copy of a part is judged as if it were read from the store anew.
    const fresh = () =>
      heads.map(({ head, parts }) => ({ head, parts: { ...parts, chain: parts.chain.map((der) => der.subarray()) } }));
    yield toFigure('classify/stored-evidence', number('runs', RUNS), count, fresh, ({ head, parts }) =>
      CLASSIFIER.classify(head, parts),
    );
    yield toFigure('classify/read-evidence', number('runs', RUNS), count, fresh, ({ head, parts }) =>
      partsToFacts(parts, head),
    );
    const facts = heads.map(({ head, parts }) => partsToFacts(parts, head));
    yield toFigure(
      'classify/facts',
      number('runs', RUNS),
      count,
      () => facts,
      (one) => [fingerprint(one), exposure(one.component, one)],
    );
  },
});

function toFigure<T>(
  name: string,
  times: number,
  count: number,
  prepare: () => readonly T[],
  classify: (one: T) => unknown,
): Figure {
  const runs = Array.from({ length: times }, () => {
    const all = prepare();
    const before = process.cpuUsage();
    for (const one of all) classify(one);
    const { user, system } = process.cpuUsage(before);
    return count / ((user + system) / 1e6);
  });
  return { name, value: median(runs), unit: 'per second of CPU', runs, limit: { of: 'value', atLeast: PROMISED } };
}
