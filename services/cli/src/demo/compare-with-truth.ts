import type { EndpointRow } from '@kubecensus/api';
import type { LabTruth } from '@kubecensus/lab';

export type Difference = { address: string; port: number; field: string; truth: unknown; record: unknown };

export type Comparison = {
  /** Endpoints that are in the truth, in the record, or in both. */
  compared: number;
  differences: Difference[];
};

const FIELDS = ['exactSan', 'answering', 'silence', 'distribution', 'minor'] as const;

/** Holds a census against the lab's truth, endpoint by endpoint and field by field. */
export function compareWithTruth(truths: readonly LabTruth[], rows: readonly EndpointRow[]): Comparison {
  const keyOf = ({ address, port }: { address: string; port: number }) => `${address} ${port}`;
  const present = new Map(truths.filter((truth) => truth.present).map((truth) => [keyOf(truth), truth]));
  const recorded = new Map(rows.filter((row) => row.outcome !== 'look-alike').map((row) => [keyOf(row), row]));
  const differences: Difference[] = [];
  for (const [key, { address, port, ...truth }] of present) {
    const record = recorded.get(key);
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
  return { compared: new Set([...present.keys(), ...recorded.keys()]).size, differences };
}
