import { withTransaction } from '@kubecensus/shared/database';
import { KubecensusError } from '@kubecensus/shared/errors';
import type { Observation } from '@kubecensus/shared/messages';
import type pg from 'pg';
import { toRankedObservation } from '../batches/ranked-observation.ts';
import { writeObservations } from '../batches/write-observations.ts';
import type { Classifier } from '../evidence/classifier.ts';
import { dateImport } from '../store/date-import.ts';
import { insertImportScan } from '../store/insert-import-scan.ts';

/** What one line of a file came to. */
export type ImportLine =
  | { lineNumber: number; kind: 'found'; observation: Observation }
  /** A target where nothing was found: no finding, and no mistake. */
  | { lineNumber: number; kind: 'none' }
  | { lineNumber: number; kind: 'refused'; problem: string };

export interface Refusal {
  lineNumber: number;
  problem: string;
}

export interface ImportOptions {
  pool: pg.Pool;
  classifier: Classifier;
  /** Where the findings are from, for everybody who meets them later. */
  origin: string;
  /** For which day they answer; that of the latest finding unless told. */
  asOf?: Date;
  /** As stored with the scan. */
  method: unknown;
  /** Lines that are refused are left out, instead of the whole. */
  skipRefused?: boolean;
}

export interface Imported {
  scanId: string;
  /** Endpoints; of several findings of one target the best is kept. */
  endpoints: number;
  linesTaken: number;
  linesWithoutFinding: number;
  refused: number;
  /** The first of them. */
  refusals: Refusal[];
}

/** Refusals that are told one by one; all are counted. */
const MAX_TOLD = 100;

/** Nothing was taken in. Carries what was told of the lines. */
export class ImportRefusedError extends KubecensusError {
  readonly refusals: readonly Refusal[];

  constructor(refused: number, refusals: readonly Refusal[]) {
    const lines = refusals.map(({ lineNumber, problem }) => `  line ${lineNumber}: ${problem}`);
    const more = refused > refusals.length ? [`  and ${refused - refusals.length} more`] : [];
    const step = 'nothing was taken in; correct them, or leave them out with --skip-refused';
    super('IMPORT_REFUSED', [`${refused} lines are refused; ${step}`, ...lines, ...more].join('\n'));
    this.refusals = refusals;
  }
}

/**
 * Takes findings from elsewhere into the record, all in one transaction, as a scan of their own: questions name it by its
 * number. Evidence is judged by our rules; the current state, series and their sightings stay as they are.
 * @throws {ImportRefusedError} IMPORT_REFUSED; {KubecensusError} IMPORT_EMPTY
 */
export async function importObservations(
  options: ImportOptions,
  batches: AsyncIterable<readonly ImportLine[]>,
): Promise<Imported> {
  const { pool, classifier, origin, method, skipRefused = false } = options;
  const refusals: Refusal[] = [];
  const counts = { linesTaken: 0, linesWithoutFinding: 0, refused: 0 };
  const refuse = (lineNumber: number, problem: string) => {
    counts.refused += 1;
    if (refusals.length < MAX_TOLD) refusals.push({ lineNumber, problem });
  };
  return await withTransaction(pool, async (client) => {
    const scanId = await insertImportScan(client, { origin, method, asOf: options.asOf ?? new Date(0) });
    const batch = { scanId, shardNumber: 0, attempt: 1, batchNumber: 0, observations: '' };
    const shard = { scanState: 'completed', shardKind: 'scope', startIndex: 0, endIndex: 0 } as const;
    let latest = 0;
    for await (const lines of batches) {
      const found = lines.filter((line) => line.kind === 'found');
      for (const line of lines) {
        if (line.kind === 'refused') refuse(line.lineNumber, line.problem);
        if (line.kind === 'none') counts.linesWithoutFinding += 1;
      }
      // What is refused in the end need not be written; its lines are still read, to be told all at once.
      if (counts.refused > 0 && !skipRefused) continue;
      const ranked = found.map(({ lineNumber, observation }) =>
        toRankedObservation({ lineNumber, observation, bytes: NO_BYTES }, batch),
      );
      const malformed = await writeObservations(client, classifier, batch, shard, ranked);
      for (const { lineNumber, error } of malformed) refuse(lineNumber, error);
      counts.linesTaken += found.length - malformed.length;
      for (const { observation } of found) latest = Math.max(latest, observation.observedAt);
    }
    if (counts.refused > 0 && !skipRefused) throw new ImportRefusedError(counts.refused, refusals);
    if (counts.linesTaken === 0) {
      throw new KubecensusError(
        'IMPORT_EMPTY',
        `no line has a finding (${counts.linesWithoutFinding} without one, ${counts.refused} refused); nothing was taken in`,
      );
    }
    const endpoints = await dateImport(client, scanId, options.asOf ?? new Date(latest));
    return { scanId, endpoints, ...counts, refusals };
  });
}

const NO_BYTES = Buffer.alloc(0);
