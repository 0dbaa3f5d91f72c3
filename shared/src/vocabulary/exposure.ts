/** How much a stranger is shown. Ordered from the least to the most exposed. */
export const EXPOSURES = [
  'present', // its certificate or client CAs are visible; nothing more was seen
  'silent', // it answers, and refuses: `silence` says how
  'says-version', // it tells its exact version to anyone
  'open', // it answers without authentication what should need it
] as const;

export type Exposure = (typeof EXPOSURES)[number];

/** Why a component that is present does not say its version. */
export const SILENCES = [
  'unauthorized', // 401: anonymous requests are off
  'forbidden', // 403: anonymous requests are on, this one is not authorised
  'client-certificate-required', // the TLS layer refuses clients without a certificate
  'not-found', // 404: the path is closed or proxied away
  'redirected', // 3xx; never followed
  'server-error', // 5xx
  'no-answer', // no complete answer came
  'unreadable', // an answer that is not the expected document
] as const;

export type Silence = (typeof SILENCES)[number];
