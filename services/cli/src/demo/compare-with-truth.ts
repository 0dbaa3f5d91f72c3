import type { EndpointRow } from '@kubecensus/api';
import type { LabTruth } from '@kubecensus/lab';

export type Difference = { address: string; port: number; field: string; truth: unknown; record: unknown };

export type Comparison = {
  /** Endpoints that are in the truth, in the record, or in both. */
  compared: number;
  /** API servers that are one server's many, and control planes, mirrors left out; as the truth has them. */
  mirrored: number;
  clusters: number;
  differences: Difference[];
};

type Pair = { truth: LabTruth; record: EndpointRow };

const FIELDS = ['exactSan', 'answering', 'silence', 'distribution', 'minor'] as const;

/** Holds a census against the lab's truth, endpoint by endpoint and field by field. */
export function compareWithTruth(truths: readonly LabTruth[], rows: readonly EndpointRow[]): Comparison {
  const keyOf = ({ address, port }: { address: string; port: number }) => `${address} ${port}`;
  const present = new Map(truths.filter((truth) => truth.present).map((truth) => [keyOf(truth), truth]));
  const recorded = new Map(rows.filter((row) => row.outcome !== 'look-alike').map((row) => [keyOf(row), row]));
  const differences: Difference[] = [];
  const pairs: Pair[] = [];
  for (const [key, { address, port, ...truth }] of present) {
    const record = recorded.get(key);
    if (record !== undefined) pairs.push({ truth: { address, port, ...truth }, record });
    if (record === undefined) {
      differences.push({ address, port, field: 'present', truth: true, record: false });
      continue;
    }
    for (const field of FIELDS) {
      if ((truth[field] ?? null) === (record[field] ?? null)) continue;
      differences.push({ address, port, field, truth: truth[field], record: record[field] });
    }
  }
  for (const [key, { address, port }] of recorded) {
    if (!present.has(key)) differences.push({ address, port, field: 'present', truth: false, record: true });
  }
  const servers = pairs.filter(({ truth }) => truth.component === 'kube-apiserver');
  const { clusters, mirrored, differences: ofClusters } = compareClusters(servers);
  const compared = new Set([...present.keys(), ...recorded.keys()]).size;
  return { compared, clusters, mirrored, differences: [...differences, ...ofClusters] };
}

/**
 * Endpoints of one cluster must have one identity in the record, and those of two never the same. Strangers with copies
 * are no cluster; clones of an image must be told apart or not at all.
 */
function compareClusters(pairs: readonly Pair[]): Omit<Comparison, 'compared'> {
  const differences: Difference[] = [];
  const idOf = new Map<string, string>();
  const truthOf = new Map<string, string>();
  let mirrored = 0;
  for (const { truth, record } of pairs) {
    const { address, port } = truth;
    const differ = (field: string, one: unknown, other: unknown) =>
      differences.push({ address, port, field, truth: one, record: other });
    if ((truth.mirrored ?? false) !== record.mirrored) differ('mirrored', truth.mirrored ?? false, record.mirrored);
    if (truth.mirrored === true) mirrored += 1;
    const { clusterId } = truth;
    if (clusterId === null || (record.cluster === null && truth.template !== undefined)) continue;
    if (truth.replays !== undefined) {
      if (record.cluster !== null) differ('cluster', null, record.cluster);
      continue;
    }
    const id = idOf.get(clusterId) ?? record.cluster;
    const cluster = truthOf.get(record.cluster ?? '') ?? clusterId;
    if (id === null || id !== record.cluster || cluster !== clusterId) differ('cluster', clusterId, record.cluster);
    if (id !== null) idOf.set(clusterId, id);
    if (record.cluster !== null) truthOf.set(record.cluster, cluster);
  }
  const alone = pairs.filter(({ truth }) => truth.mirrored !== true && truth.replays === undefined);
  const clusters = new Set(alone.map(({ truth }) => truth.clusterId)).size;
  return { mirrored, clusters, differences };
}
