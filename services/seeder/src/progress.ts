import type { Queryable } from '@kubecensus/shared/database';
import { KubecensusError } from '@kubecensus/shared/errors';
import type { Outcome } from '@kubecensus/shared/vocabulary';
import { type ProgressRow, readProgress } from './store/read-progress.ts';

/** How far a scan has come. */
export interface ScanProgress {
  readonly scanId: string;
  readonly kind: ProgressRow['kind'];
  readonly state: ProgressRow['state'];
  readonly targetCount: number;
  /** Targets looked at so far; of a shard under way as of its last sign of life. */
  readonly lookedAt: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Shards by their state, revisits among them. */
  readonly shards: Readonly<Record<'pending' | 'queued' | 'leased' | 'probed' | 'done', number>>;
  /** Connects per second, all probers together. */
  readonly rate: number;
  readonly startedAt: Date;
  readonly completedAt: Date | undefined;
}

/** @throws KubecensusError SCAN_UNKNOWN */
export async function progress(client: Queryable, scanId: string): Promise<ScanProgress> {
  const row = await readProgress(client, scanId);
  if (row === undefined) {
    throw new KubecensusError(
      'SCAN_UNKNOWN',
      `there is no scan ${scanId}; list those that there are with \`kubecensus scans\``,
    );
  }
  const pending = (row.shards?.pending ?? 0) + row.shard_count - row.laid_out;
  return {
    scanId,
    kind: row.kind,
    state: row.state,
    targetCount: row.target_count,
    lookedAt: row.looked_at,
    outcomes: row.outcomes ?? {},
    shards: { queued: 0, leased: 0, probed: 0, done: 0, ...row.shards, pending },
    rate: row.rate,
    startedAt: row.started_at,
    completedAt: row.completed_at ?? undefined,
  };
}
