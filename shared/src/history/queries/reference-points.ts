/** A count that others published, to be drawn beside ours; never mixed with it. */
export interface ReferencePoint {
  /** YYYY, YYYY-MM or YYYY-MM-DD. */
  on: string;
  count: number;
  unit: 'certificates' | 'hosts';
  what: string;
}

/** Each in the unit and by the method of its own source. */
export const REFERENCE_POINTS: readonly ReferencePoint[] = [
  { on: '2018', count: 13_271, unit: 'certificates', what: 'certificates with the names of a Kubernetes API server' },
  { on: '2022-05', count: 454_729, unit: 'hosts', what: 'hosts that respond as a Kubernetes API server' },
  { on: '2022-05', count: 381_645, unit: 'hosts', what: 'of these, hosts that answer 200' },
  {
    on: '2023-12',
    count: 1_500_000,
    unit: 'hosts',
    what: 'hosts with kubernetes.default.svc.cluster.local in the certificate',
  },
  { on: '2023-12', count: 1_300_000, unit: 'hosts', what: 'of these, hosts that answer' },
];
