import { CLASSIFIER, type ClosingRules, loadCensus, storeEvidenceOf } from '@kubecensus/indexer';
import { formatIpv4 } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import type { Observation } from '@kubecensus/shared/messages';
import type { ObservationForge } from '../../population/forge-observation.ts';
import type { BegunShowing, WeeklyPopulation } from '../../population/weekly-population.ts';
import { insertRefusedRevisits, planWeek } from './store/weekly-scan.ts';

/** Pieces of evidence stored in one transaction. */
const PAGE = 2000;

/** What a week is loaded from and into. */
export interface Loading {
  store: Database;
  forge: ObservationForge;
  population: WeeklyPopulation;
  rules: ClosingRules;
  /** By position of the endpoint: what it shows. */
  evidence: number[];
}

export interface LoadedWeek {
  rows: number;
  opened: number;
  changed: number;
  unseen: Record<string, number>;
  pieces: number;
  /** Of loading; what generating took is apart. */
  seconds: number;
  evidenceSeconds: number;
  generatingSeconds: number;
}

/** Loads what the population shows at a date; what it shows anew first. */
export async function loadWeek(
  loading: Loading,
  asOf: number,
  { begun, gone }: { begun: readonly BegunShowing[]; gone: readonly number[] },
): Promise<LoadedWeek> {
  const { store, population, evidence } = loading;
  let evidenceMs = 0;
  let generatingMs = 0;
  for (let at = 0; at < begun.length; at += PAGE) {
    const began = performance.now();
    const page = begun.slice(at, at + PAGE);
    const seen = forgePage(loading, page, asOf);
    const forged = performance.now();
    const stored = await storeEvidenceOf(store.pool('writer'), CLASSIFIER, seen);
    evidenceMs += performance.now() - forged;
    generatingMs += forged - began;
    for (const [nth, { endpoints }] of page.entries()) for (const one of endpoints) evidence[one] = stored[nth] ?? 0;
  }
  const began = performance.now();
  const present = [...population.seen()];
  const scanId = await planWeek(store, new Date(asOf), present.length);
  await insertRefusedRevisits(
    store,
    scanId,
    gone.map((at) => ({ address: formatIpv4(population.address[at] ?? 0), port: population.port[at] ?? 0 })),
  );
  const planned = performance.now();
  generatingMs += planned - began;
  const loaded = await loadCensus(store.pool('writer'), scanId, toFindings(loading, present, asOf), loading.rules);
  if (loaded === undefined) throw new RangeError('the scan was no census');
  return {
    rows: present.length,
    opened: loaded.opened,
    changed: loaded.changed,
    unseen: loaded.unseen,
    pieces: begun.length,
    seconds: (evidenceMs + performance.now() - planned) / 1000,
    evidenceSeconds: evidenceMs / 1000,
    generatingSeconds: generatingMs / 1000,
  };
}

function forgePage({ forge, population }: Loading, page: readonly BegunShowing[], asOf: number): Observation[] {
  return page.map((one) => forge.forge(one, population.address[one.endpoints[0] ?? 0] ?? 0, asOf));
}

function* toFindings({ population, evidence }: Loading, present: readonly number[], observedAt: number) {
  for (const at of present) {
    yield {
      address: formatIpv4(population.address[at] ?? 0),
      port: population.port[at] ?? 0,
      component: 'kube-apiserver' as const,
      outcome: 'answered' as const,
      observedAt,
      evidenceId: evidence[at] ?? 0,
      possession: 'proved' as const,
    };
  }
}
