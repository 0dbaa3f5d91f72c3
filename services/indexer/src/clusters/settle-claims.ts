/** Endpoints that are one cluster in this census, and the clusters that their marks stood for before it. */
export interface Group {
  key: string;
  /** What it is called by where it is a new cluster. */
  foundingMark: string;
  /** The cluster of its certificates' identity. */
  byIdentity: Claim | null;
  /** The cluster of its flow schema: a header anyone can copy, so it never takes a cluster from a certificate. */
  byFlowSchema: Claim | null;
}

export interface Claim {
  clusterId: string;
  /** First census of the cluster. */
  firstCensus: number;
  /** Since when the mark has stood for it. */
  since: number;
}

export interface Settled {
  key: string;
  clusterId: string;
  /** Why its marks stand for this cluster from now on. */
  because: 'founded' | 'shown-with' | 'renewed' | 'contested';
}

/**
 * Which cluster each group is, where several marks claim one or one claims several. No two groups are one cluster: what
 * they have in common is a single mark, and whoever shows it may have copied it.
 *
 * - Of several identities that stood for a cluster and are all there, the one that did so first keeps it.
 * - A flow schema's cluster goes on under another identity once none of its own is there: its authority was made anew.
 *   Where the identity stands for a cluster, too, the older of the two goes on.
 * - What is left founds clusters. `isTaken` tells ids of earlier clusters, which are never given twice.
 *
 * The order of the groups changes nothing.
 */
export function settleClaims(
  groups: readonly Group[],
  { censusNumber, isTaken }: { censusNumber: number; isTaken: (clusterId: string) => boolean },
): Settled[] {
  const inOrder = [...groups].sort((a, b) => (a.key < b.key ? -1 : 1));
  const holders = new Map<string, Group>();
  const own = new Map<string, Claim>();
  for (const group of inOrder) {
    const claim = group.byIdentity;
    if (claim === null) continue;
    const rival = holders.get(claim.clusterId)?.byIdentity;
    if (rival === undefined || rival === null || claim.since < rival.since) holders.set(claim.clusterId, group);
  }
  for (const group of holders.values()) if (group.byIdentity !== null) own.set(group.key, group.byIdentity);

  const settled: Settled[] = [];
  const given = new Set([...own.values()].map(({ clusterId }) => clusterId));
  const give = (key: string, clusterId: string, because: Settled['because']) => {
    given.add(clusterId);
    settled.push({ key, clusterId, because });
  };
  for (const { key, foundingMark, byIdentity, byFlowSchema } of inOrder) {
    const held = own.get(key);
    const isFree = byFlowSchema !== null && !given.has(byFlowSchema.clusterId);
    if (isFree && (held === undefined || byFlowSchema.firstCensus < held.firstCensus)) {
      give(key, byFlowSchema.clusterId, byIdentity?.clusterId === byFlowSchema.clusterId ? 'shown-with' : 'renewed');
    } else if (held !== undefined) {
      give(key, held.clusterId, 'shown-with');
    } else {
      const because = byIdentity === null && byFlowSchema === null ? 'founded' : 'contested';
      give(
        key,
        toFreeId(foundingMark, censusNumber, (id) => given.has(id) || isTaken(id)),
        because,
      );
    }
  }
  return settled;
}

function toFreeId(mark: string, censusNumber: number, isTaken: (clusterId: string) => boolean): string {
  if (!isTaken(mark)) return mark;
  for (let number = 1; ; number += 1) {
    const id = `${mark}~${censusNumber}${number === 1 ? '' : `.${number}`}`;
    if (!isTaken(id)) return id;
  }
}
