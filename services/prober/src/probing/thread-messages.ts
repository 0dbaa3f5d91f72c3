import type { ShardSummary } from '@kubecensus/shared/messages';
import type { Component } from '@kubecensus/shared/vocabulary';
import type { Operator } from '../request-bytes.ts';

/** What is the same for all shards of a scan. */
export interface ScanToProbe {
  readonly scanId: string;
  /** Canonical bytes of the frozen scope; of a scan's revisits not needed, and empty. */
  readonly scope: Uint8Array;
  readonly permutationKey: Uint8Array;
  readonly operator: Operator;
  /** Of kubecensus. */
  readonly version: string;
  readonly thorough: boolean;
  readonly connectTimeoutMs?: number;
  readonly firstFlightTimeoutMs?: number;
  readonly answerTimeoutMs?: number;
  readonly targetTimeoutMs?: number;
}

/** A target that is looked at again, by the name under which it was found. */
export interface RevisitTarget {
  readonly address: string;
  readonly port: number;
  readonly component: Component;
}

/** One attempt at one shard. */
export interface RunOrder {
  /** Names the run on both sides; never used twice. */
  readonly run: number;
  readonly scanId: string;
  /** Positions of the scan's order, the last one exclusive; or targets by name. */
  readonly targets: { readonly startInclusive: number; readonly endExclusive: number } | readonly RevisitTarget[];
  /** Endpoints of the operator's own, to be looked at between the targets. */
  readonly canaries: readonly RevisitTarget[];
  /** An attempt was made at this shard before, so each of its targets may have been dialled already. */
  readonly isRepeat: boolean;
  /** Every target is told of, whatever its outcome. */
  readonly recordsAll: boolean;
}

/** This process's part of a scan's rate. */
export interface RateToKeep {
  /** Connects per second of all runs of the scan together. */
  readonly perSecond: number;
  /** Afterwards nothing is dialled until the next word. */
  readonly forMs: number;
  /** Connects per second into one prefix; no cap where absent. */
  readonly prefixPerSecond: number | undefined;
}

export type ToThread =
  | { readonly kind: 'open-scan'; readonly scan: ScanToProbe }
  | { readonly kind: 'close-scan'; readonly scanId: string }
  | ({ readonly kind: 'rate'; readonly scanId: string } & RateToKeep)
  | { readonly kind: 'run'; readonly order: RunOrder }
  | { readonly kind: 'stop'; readonly run: number }
  | { readonly kind: 'batch-stored'; readonly run: number }
  /** The exclusions were read just now; `exclusions`, as addressSetToBytes gives them, where they changed. */
  | { readonly kind: 'gate'; readonly exclusions?: Uint8Array }
  | { readonly kind: 'close' };

export type FromThread =
  | { readonly kind: 'batch'; readonly run: number; readonly batchNumber: number; readonly observations: string }
  | { readonly kind: 'progress'; readonly run: number; readonly summary: ShardSummary }
  /** Every target was dialled; some answers are still waited for. */
  | { readonly kind: 'fed'; readonly run: number }
  | { readonly kind: 'finished'; readonly run: number; readonly batchCount: number; readonly summary: ShardSummary }
  | { readonly kind: 'failed'; readonly run: number; readonly reason: string }
  | { readonly kind: 'warning'; readonly line: string }
  | { readonly kind: 'closed' };
