import { type Address, createPermutation, embeddedIpv4, formatAddress, Scope } from '@kubecensus/shared/addresses';
import type { Queryable } from '@kubecensus/shared/database';
import { listAttempts, listExcludedTimes, listRevisits, type ShardAttempt } from './store/list-attempts.ts';
import { type FrozenScan, listFrozenScans, readScopeBody } from './store/list-frozen-scans.ts';

/** The longest that a prober may not have heard of an exclusion yet. */
const GATE_DELAY_MS = 5_000;

/**
 * - `contacted`: it was dialled, once or (for a fallback, or one in a thousand for the loss sample) twice
 * - `may-have-been`: a prober had its shard and did not come to the end of it, or was at it while it was excluded
 * - `not-contacted`: it was excluded all the while
 * - `planned`: its turn has not come yet
 */
export type TouchState = 'contacted' | 'may-have-been' | 'not-contacted' | 'planned';

/** What one scan did to one port of an address. */
export interface Touch {
  readonly scanId: string;
  readonly kind: FrozenScan['kind'] | 'revisit';
  readonly port: number;
  /** Known of a revisit only; a scan looks for what listens on that port by default. */
  readonly component: string | undefined;
  readonly state: TouchState;
  /** When it was dialled, if it was. Absent of what is planned; without an end where it is under way. */
  readonly from: Date | undefined;
  readonly until: Date | undefined;
  readonly purpose: string;
  readonly operatorUrl: string | undefined;
  readonly operatorMail: string | undefined;
  /** Source addresses. */
  readonly vantage: readonly string[];
  /** As it was frozen with the scan. */
  readonly method: unknown;
}

/**
 * Everything that was done to an address, from what is stored of scans, shards and exclusions: the place of a target in
 * a scan's order, and so its shard and its time, follows from the scan's key, so that no row is needed for each probe.
 * Repeated attempts, revisits and checks are among it. Oldest scan first.
 */
export async function readTouches(client: Queryable, address: Address): Promise<Touch[]> {
  const scans = await listFrozenScans(client);
  const inside = embeddedIpv4(address);
  const text = formatAddress(address);
  const excluded = await listExcludedTimes(client, inside === undefined ? [text] : [text, formatAddress(inside)]);
  const touches: Touch[] = [];

  const tell = async (scan: FrozenScan, shardNumber: number, port: number, revisitOf?: string): Promise<void> => {
    const common = {
      scanId: scan.scanId,
      kind: revisitOf === undefined ? scan.kind : ('revisit' as const),
      port,
      component: revisitOf,
      purpose: scan.purpose,
      operatorUrl: scan.operatorUrl,
      operatorMail: scan.operatorMail,
      vantage: scan.vantage,
      method: scan.method,
    };
    const attempts = await listAttempts(client, scan.scanId, shardNumber);
    if (attempts.length === 0) touches.push({ ...common, state: 'planned', from: undefined, until: undefined });
    for (const attempt of attempts) {
      const state = toState(attempt, excluded);
      touches.push({ ...common, state, from: attempt.startedAt, until: attempt.endedAt });
    }
  };

  // Weekly censuses share a scope: it is read once, however often it was scanned.
  const places = new Map<string, { port: number; index: number; size: number }[]>();
  for (const scan of scans) {
    const known = places.get(scan.scopeHash);
    const targets = known ?? findTargets(Scope.fromBytes(await readScopeBody(client, scan.scopeHash)), address);
    places.set(scan.scopeHash, targets);
    for (const { port, index, size } of targets) {
      const position = createPermutation(size, scan.permutationKey).inverse(index);
      await tell(scan, Math.floor(position / Math.ceil(size / scan.shardCount)), port);
    }
  }
  const byId = new Map(scans.map((scan) => [scan.scanId, scan]));
  for (const { scanId, shardNumber, port, component } of await listRevisits(client, text)) {
    const scan = byId.get(scanId);
    if (scan !== undefined) await tell(scan, shardNumber, port, component);
  }
  return touches.sort(
    (a, b) => Number(a.scanId) - Number(b.scanId) || (a.from?.getTime() ?? 0) - (b.from?.getTime() ?? 0),
  );
}

function findTargets(scope: Scope, address: Address): { port: number; index: number; size: number }[] {
  return scope
    .ports()
    .map((port) => ({ port, index: scope.space.indexOf({ address, port }), size: scope.size }))
    .filter(({ index }) => index >= 0);
}

function toState(attempt: ShardAttempt, excluded: readonly { from: Date; until: Date | undefined }[]): TouchState {
  const end = attempt.endedAt ?? new Date();
  const covers = excluded.some(
    ({ from, until }) =>
      from.getTime() + GATE_DELAY_MS <= attempt.startedAt.getTime() && (until === undefined || until >= end),
  );
  if (covers) return 'not-contacted';
  const touches = excluded.some(({ from, until }) => from <= end && (until === undefined || until > attempt.startedAt));
  return attempt.isWhole && !touches ? 'contacted' : 'may-have-been';
}
