import { CLASSIFIER, type ClosingRules, loadCensus, storeEvidenceOf } from '@kubecensus/indexer';
import { formatIpv4 } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import type { ObservationForge } from '../../population/forge-observation.ts';
import type { BegunShowing, WeeklyPopulation } from '../../population/weekly-population.ts';
import { insertRefusedRevisits, planWeek } from './store/weekly-scan.ts';

/** Pieces of evidence stored in one transaction. */
const PAGE = 2000;
/** Such transactions at a time: one is made ready while another is written. */
const AT_ONCE = 2;

/** What weeks are loaded from and into. */
export interface Loading {
  store: Database;
  forge: ObservationForge;
  population: WeeklyPopulation;
  rules: ClosingRules;
  /** By position of the endpoint: the number of what it shows. */
  evidence: Uint32Array;
}

/** A week whose evidence is in the record: what each endpoint shows that is seen in it. */
export interface StoredWeek {
  asOf: number;
  positions: Uint32Array;
  evidence: Uint32Array;
  gone: readonly number[];
  /** New pieces of evidence. */
  pieces: number;
  /** Seconds that the observations of these were made in, which a scan would have brought. */
  forging: number;
}

/** Goes on to a week and stores the evidence that is new in it. */
export async function storeWeek(loading: Loading, week: number, asOf: number): Promise<StoredWeek> {
  const { store, forge, population, evidence } = loading;
  const { begun, gone } = population.advance(week);
  let [at, forging, pieces] = [0, 0, 0];
  const storePages = async () => {
    while (at < begun.count) {
      const page = begun.slice(at, at + PAGE);
      at += PAGE;
      const begin = performance.now();
      const seen = page.map((one) => forge.forge(one, population.address[one.endpoints[0] ?? 0] ?? 0, asOf));
      forging += performance.now() - begin;
      const stored = await storeEvidenceOf(store.pool('writer'), CLASSIFIER, seen);
      pieces += stored.length;
      setEvidence(evidence, page, stored);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, storePages));
  const positions = population.seen();
  const shown = positions.map((position) => evidence[position] ?? 0);
  return { asOf, positions, evidence: shown, gone, pieces, forging: forging / 1000 };
}

function setEvidence(evidence: Uint32Array, page: readonly BegunShowing[], stored: readonly number[]): void {
  for (const [nth, { endpoints }] of page.entries()) {
    for (const position of endpoints) evidence[position] = stored[nth] ?? 0;
  }
}

/** Loads a stored week and closes its census. */
export async function closeWeek(loading: Loading, week: StoredWeek) {
  const { store, population, rules } = loading;
  const scanId = await planWeek(store, new Date(week.asOf), week.positions.length);
  await insertRefusedRevisits(
    store,
    scanId,
    week.gone.map((at) => ({ address: formatIpv4(population.address[at] ?? 0), port: population.port[at] ?? 0 })),
  );
  const closed = await loadCensus(store.pool('writer'), scanId, toFindings(population, week), rules);
  if (closed === undefined) throw new RangeError('the scan was no census');
  return { ...closed, rows: week.positions.length };
}

function* toFindings({ address, port }: WeeklyPopulation, { positions, evidence, asOf }: StoredWeek) {
  for (const [nth, at] of positions.entries()) {
    yield {
      address: formatIpv4(address[at] ?? 0),
      port: port[at] ?? 0,
      component: 'kube-apiserver' as const,
      outcome: 'answered' as const,
      observedAt: asOf,
      evidenceId: evidence[nth] ?? 0,
      possession: 'proved' as const,
    };
  }
}
