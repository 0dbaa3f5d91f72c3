import { DAY_MS } from '../distributions/define-distribution.ts';
import type { Cluster } from './cluster.ts';
import type { EvilHost } from './evil-hosts.ts';
import type { OtherHost } from './others.ts';

/** Monday of the lab's week 1. Certificates are dated by it, so that one seed gives one population on every day. */
export const EPOCH = Date.UTC(2026, 8, 7);

export function weekStart(week: number): number {
  return EPOCH + (week - 1) * 7 * DAY_MS;
}

/** The population of one week. Plain data; a later week is made from an earlier one. */
export interface World {
  week: number;
  clusters: readonly Cluster[];
  /** Ids of clusters that cannot be reached this week and will be back. */
  unreachable: ReadonlySet<string>;
  /** Clusters that went away and may come back. */
  away: readonly Cluster[];
  others: readonly OtherHost[];
  evils: readonly EvilHost[];
  /** How many places of the layout's order were taken so far; places are never taken twice. */
  slotsTaken: number;
  keysTaken: number;
  clustersMade: number;
}
