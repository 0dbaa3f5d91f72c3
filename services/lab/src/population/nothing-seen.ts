/** What is true of an endpoint that shows nothing of Kubernetes. */
export const NOTHING_SEEN = {
  present: false,
  exactSan: false,
  answering: false,
  silence: null,
  exposure: null,
  distribution: null,
  gitVersion: null,
  minor: null,
} as const;
