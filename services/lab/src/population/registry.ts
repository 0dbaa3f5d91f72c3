import type { LabDistribution } from '../distributions/define-distribution.ts';
import { DISTRIBUTIONS } from '../distributions/index.ts';
import { MUTATIONS } from '../mutations/index.ts';

/** Every kind of cluster by its name: distributions and mutations. */
const KINDS: ReadonlyMap<string, LabDistribution> = new Map(
  [...DISTRIBUTIONS, ...MUTATIONS].map((kind) => [kind.name, kind]),
);

export function clusterKind(name: string): LabDistribution {
  const kind = KINDS.get(name);
  if (kind === undefined) throw new RangeError(`the lab knows no distribution ${name}`);
  return kind;
}
