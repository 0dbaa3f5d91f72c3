import type { Component, Exposure, Silence } from '@kubecensus/shared/vocabulary';
import type { Facts } from '../fingerprint/facts.ts';

/** One line of the table: the exact evidence, and the level that it proves. */
export interface ExposureLevel {
  readonly exposure: Exposure;
  readonly silence?: Silence;
  /** For people and for docs/method.md. */
  readonly evidence: string;
  readonly when: (facts: Facts) => boolean;
}

export interface ComponentExposure {
  /** The declared request. */
  readonly request: string;
  /** The first that holds counts; where none does, the component is `present`. */
  readonly levels: readonly ExposureLevel[];
  readonly notMeasured: readonly string[];
}

const hasStatus =
  (...statuses: number[]) =>
  ({ http }: Facts): boolean =>
    http !== undefined && statuses.includes(http.status);

const hasStatusIn =
  (fromInclusive: number, toExclusive: number) =>
  ({ http }: Facts): boolean =>
    http !== undefined && http.status >= fromInclusive && http.status < toExclusive;

/** What every component that speaks HTTP can answer instead of what was asked. */
const REFUSALS: readonly ExposureLevel[] = [
  silent('unauthorized', '401', hasStatus(401)),
  silent('forbidden', '403', hasStatus(403)),
  silent('not-found', '404 or 410', hasStatus(404, 410)),
  silent('redirected', '3xx, not followed', hasStatusIn(300, 400)),
  silent('server-error', '5xx', hasStatusIn(500, 600)),
  silent('unreadable', 'an answer that is not the expected document', ({ http }) => http !== undefined),
  silent(
    'client-certificate-required',
    'refused for want of a client certificate',
    ({ reason }) => reason === 'client-certificate-required',
  ),
  silent(
    'unreadable',
    "an answer that breaks HTTP's rules or the cap",
    ({ reason }) => reason === 'malformed-answer' || reason === 'answer-too-large',
  ),
  silent('no-answer', 'handshake done, no whole answer', ({ reason }) => reason === 'no-answer' || reason === 'closed'),
];

function silent(silence: Silence, evidence: string, when: (facts: Facts) => boolean): ExposureLevel {
  return { exposure: 'silent', silence, evidence, when };
}

function open(evidence: string, when: (facts: Facts) => boolean): ExposureLevel {
  return { exposure: 'open', evidence, when };
}

const saysVersion: ExposureLevel = {
  exposure: 'says-version',
  evidence: '/version answers 200 with a Kubernetes version',
  when: ({ http, version }) => http?.status === 200 && version?.kind === 'version',
};

const isText = ({ http }: Facts): boolean => http?.bodyKind === 'text';
const isJson = ({ http, version }: Facts): boolean =>
  http?.bodyKind === 'json' && !(version?.kind === 'look-alike' && version.product !== 'etcd');
const all =
  (...tests: ((facts: Facts) => boolean)[]) =>
  (facts: Facts): boolean =>
    tests.every((test) => test(facts));

const anonymousRights = 'what anonymous clients may do beyond the one page that was asked for';

/** Component x level x exact evidence. What no line proves is not filled in. */
export const EXPOSURE_RULES: Readonly<Record<Component, ComponentExposure>> = {
  'kube-apiserver': { request: 'GET /version', levels: [saysVersion, ...REFUSALS], notMeasured: [anonymousRights] },
  'kube-apiserver-insecure': {
    request: 'GET /version',
    // The plain port has no authentication and no authorisation: an answer there is the whole API.
    levels: [open('/version answers 200 with a Kubernetes version over plain HTTP', saysVersion.when), ...REFUSALS],
    notMeasured: [],
  },
  kubelet: {
    request: 'GET /healthz',
    levels: [open('/healthz answers 200 without a client certificate', all(hasStatus(200), isText)), ...REFUSALS],
    notMeasured: ['whether pods, logs and exec are authorised for anonymous clients'],
  },
  'kubelet-read-only': {
    request: 'GET /healthz',
    levels: [
      open('/healthz answers 200 on the port that has no authentication', all(hasStatus(200), isText)),
      ...REFUSALS,
    ],
    notMeasured: [],
  },
  'kube-proxy-metrics': {
    request: 'HEAD /healthz',
    levels: [open('answers 200 on the port that has no authentication', hasStatus(200)), ...REFUSALS],
    notMeasured: ['the metrics themselves'],
  },
  'kube-proxy-health': {
    // Made for load balancers to ask: answering is what it is for, and 503 is its word for "no local endpoint".
    request: 'GET /healthz',
    levels: [],
    notMeasured: [],
  },
  'etcd-client': {
    request: 'GET /version',
    levels: [open('/version answers 200 without a client certificate', all(hasStatus(200), isJson)), ...REFUSALS],
    notMeasured: ['whether keys can be read: etcd may still ask for a user'],
  },
  'etcd-peer': {
    request: 'GET /version',
    levels: [open('/version answers 200 without a client certificate', all(hasStatus(200), isJson)), ...REFUSALS],
    notMeasured: ['whether a stranger may join as a member'],
  },
  'etcd-metrics': {
    request: 'GET /health',
    levels: [
      open('/health answers on the port that has no authentication', all(hasStatus(200, 503), isJson)),
      ...REFUSALS,
    ],
    notMeasured: ['the metrics themselves'],
  },
  'kube-controller-manager': {
    // Public by default (--authorization-always-allow-paths=/healthz,...): 200 shows nothing that should be closed.
    request: 'GET /healthz',
    levels: [...REFUSALS.filter(({ silence }) => silence !== 'unreadable')],
    notMeasured: [anonymousRights],
  },
  'kube-scheduler': {
    request: 'GET /healthz',
    levels: [...REFUSALS.filter(({ silence }) => silence !== 'unreadable')],
    notMeasured: [anonymousRights],
  },
};
