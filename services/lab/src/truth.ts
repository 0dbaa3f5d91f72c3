import type { Component, Exposure, Outcome, Silence } from '@kubecensus/shared/vocabulary';
import type { ServerKind } from './servers/server-specification.ts';

/** What became of an endpoint between the week before and this one, as far as a stranger can see. */
export type LabTransition =
  | 'new' // first seen this week
  | 'unchanged'
  | 'changed' // shows other evidence than the week before
  | 'gone' // was there the week before, and refuses connections now
  | 'not-reached' // still exists, and shows nothing this week: `kind` says whether it times out or resets
  | 'reappeared'; // was gone or not reached, and is back

/** What is true of one endpoint in one week. One JSON line each in a truth file. */
export interface LabTruth {
  week: number;
  address: string;
  port: number;
  /** Null for hosts that are no part of Kubernetes. */
  component: Component | null;
  kind: ServerKind;
  /** A part of Kubernetes listens, and its evidence can be seen. */
  present: boolean;
  /** Its certificate names `kubernetes.default.svc.cluster.local` itself. */
  exactSan: boolean;
  /** `GET /version` is answered with 200 and the version. */
  answering: boolean;
  /** Why it does not answer, where it is present and does not. */
  silence: Silence | null;
  /** How much a stranger is shown; null where nothing is present. */
  exposure: Exposure | null;
  /** What an honest observer can say; judged of API servers only: see the table in `distributions/index.ts`. */
  distribution: string | null;
  /** As `/version` says it; null where that is closed. */
  gitVersion: string | null;
  /** `1.29`; null where `/version` is closed. */
  minor: string | null;
  /** Name of the mutation, on hosts whose marks contradict one another or were taken away. */
  mutated?: string;
  /** Why the distribution is what it is, where that is no matter of course. */
  why?: string;
  /** One server behind many addresses of a prefix. */
  mirrored?: true;
  /** Id of the cluster whose certificate and answers this host shows without having its key. */
  replays?: string;
  /** Name of the image of which this cluster is a clone: they share their authority and are not one cluster. */
  template?: string;
  /** Name of what a hostile host does, and the outcomes that an honest prober may give it. */
  evil?: string;
  outcomes?: readonly Outcome[];
  clusterId: string | null;
  transition: LabTransition;
}

/** The truth as a file's text: one JSON object per line, endpoints in the order of address and port. */
export function toTruthLines(truths: readonly LabTruth[]): string {
  return truths.map((truth) => `${JSON.stringify(truth)}\n`).join('');
}
