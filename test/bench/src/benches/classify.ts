import {
  CLASSIFIER,
  type EvidenceHead,
  exposure,
  fingerprint,
  partsToFacts,
  type StoredParts,
  toStoredParts,
} from '@kubecensus/indexer';
import type { Observation } from '@kubecensus/shared/messages';
import { defineBench, type Figure } from '../define-bench.ts';
import { median } from '../measure/median.ts';
import { createRandom } from '../population/random.ts';
import { type CertificateTemplate, toCertificateTemplate, toOwnCertificate } from './classify/own-certificate.ts';
import { probeLab } from './live/probe-lab.ts';

const ENDPOINTS = 50_000;
const RUNS = 7;
/** Endpoints that are read and judged at a time, as `reclassify` takes them from the store. */
const PAGE = 1000;
/** Classifications a second of one core. */
const PROMISED = 100_000;

interface Stored {
  readonly head: EvidenceHead;
  readonly parts: StoredParts;
}

/** What a classification costs, from the bytes as they are stored and from facts that were read before. */
export default defineBench({
  about: 'classifications per second of CPU: from stored evidence (DER, first flight, answer), and from facts',
  settings: {
    endpoints: `endpoints, each with a certificate of its own (${ENDPOINTS})`,
    runs: `times that all of them are judged (${RUNS})`,
  },
  inBrief: { runs: 3 },
  async *run({ number, say }) {
    const templates = (await probeLab()).map((observation) => ({
      observation,
      certificate: toCertificateTemplate(Buffer.from(observation.evidence.chain[0] ?? '', 'base64')),
    }));
    const count = number('endpoints', ENDPOINTS);
    const runs = number('runs', RUNS);
    const note = `${templates.length} API servers of the lab stand for ${count}, each with a certificate of its own: other names, addresses and authority`;
    say(note);
    const random = createRandom(7);
    const made = Array.from({ length: count }, (_, endpoint) => {
      const template = templates[endpoint % templates.length];
      if (template === undefined) throw new RangeError('the lab showed no API server');
      return toStored(template.observation, template.certificate, random);
    });
    yield measure(
      'classify/stored-evidence',
      () => toPages(made),
      ({ head, parts }) => CLASSIFIER.classify(head, parts),
    );
    yield measure(
      'classify/read-evidence',
      () => toPages(made),
      ({ head, parts }) => partsToFacts(parts, head),
    );
    const toFacts = () => toPages(made).map((page) => page.map(({ head, parts }) => partsToFacts(parts, head)));
    yield measure('classify/facts', toFacts, (facts) => [fingerprint(facts), exposure(facts.component, facts)]);

    function measure<T>(name: string, prepare: () => readonly (readonly T[])[], classify: (one: T) => unknown): Figure {
      const values = Array.from({ length: runs }, () => {
        const pages = prepare();
        const before = process.cpuUsage();
        for (const page of pages) for (const one of page) classify(one);
        const { user, system } = process.cpuUsage(before);
        return count / ((user + system) / 1e6);
      });
      const limit = { of: 'value', atLeast: PROMISED } as const;
      return { name, value: median(values), unit: 'per second of CPU', runs: values, limit, note };
    }
  },
});

function toStored(observation: Observation, certificate: CertificateTemplate, random: () => number): Stored {
  const { component, port, reason = null, evidence } = observation;
  const parts = toStoredParts(evidence);
  return {
    head: { component, port, reason },
    parts: { ...parts, chain: [toOwnCertificate(certificate, random), ...parts.chain.slice(1)] },
  };
}

/** As a page comes from the store: bytes that were in no cache before, what a page has in common once. */
function toPages(made: readonly Stored[]): Stored[][] {
  const pages: Stored[][] = [];
  for (let from = 0; from < made.length; from += PAGE) {
    const shared = new Map<string, unknown>();
    const once = <T>(key: string, value: T): T => {
      if (!shared.has(key)) shared.set(key, value);
      return shared.get(key) as T;
    };
    pages.push(
      made.slice(from, from + PAGE).map(({ head, parts }) => {
        const { clientCas, firstFlightJson, response } = parts;
        return {
          head,
          parts: {
            ...parts,
            chain: parts.chain.map((der, at) =>
              at === 0 ? Buffer.from(der) : once(der.toString('base64'), Buffer.from(der)),
            ),
            clientCas:
              clientCas === null
                ? null
                : once(
                    clientCas.map((name) => name.toString('base64')).join(),
                    clientCas.map((name) => Buffer.from(name)),
                  ),
            firstFlightJson:
              firstFlightJson === null ? null : once(firstFlightJson, Buffer.from(firstFlightJson).toString()),
            response: response === null ? null : { ...response, body: Buffer.from(response.body) },
          },
        };
      }),
    );
  }
  return pages;
}
