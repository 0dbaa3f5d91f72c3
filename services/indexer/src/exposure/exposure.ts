import type { Component, Exposure, Silence } from '@kubecensus/shared/vocabulary';
import type { Facts } from '../fingerprint/facts.ts';
import { EXPOSURE_RULES } from './exposure-rules.ts';

export interface ExposureVerdict {
  readonly exposure: Exposure;
  /** Why a component that is there does not answer; only beside `silent`. */
  readonly silence?: Silence;
  /** `kubernetes.default.svc.cluster.local` itself is in the leaf: the line that compares with other engines' counts. */
  readonly exactSan: boolean;
  /** `/version` answered 200 with a Kubernetes version. */
  readonly answering: boolean;
  /** What the declared request cannot show on this component. It was not measured, and says nothing either way. */
  readonly notMeasured: readonly string[];
}

export const EXACT_SAN = 'kubernetes.default.svc.cluster.local';

/** How much a stranger was shown, by what was seen alone. Pure and total. */
export function exposure(component: Component, facts: Facts): ExposureVerdict {
  const table = EXPOSURE_RULES[component];
  const level = table.levels.find(({ when }) => when(facts));
  const exposure = level?.exposure ?? 'present';
  const exactSan = facts.leaf?.dnsNames.includes(EXACT_SAN) ?? false;
  const answering = facts.http?.status === 200 && facts.version?.kind === 'version';
  const { notMeasured } = table;
  // Written out: spreading an optional field into a literal costs as much as all the rest.
  return level?.silence === undefined
    ? { exposure, exactSan, answering, notMeasured }
    : { exposure, silence: level.silence, exactSan, answering, notMeasured };
}
