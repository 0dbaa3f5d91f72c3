import { parseVersionDocument } from '@kubecensus/shared/kubernetes';
import { type AnswerSeen, defineComponent, type FlightNames, type Recognition } from './define-component.ts';

/**
 * Names of the service that every API server serves. No single one is universal: k0s and hand-made certificates lack
 * the full name, AKS and HyperShift once lacked `kubernetes.default`, k3s lacked `kubernetes.default.svc` until 2021;
 * `kubernetes.svc.cluster.local` is Kubernetes The Hard Way's.
 */
const SERVICE_NAMES: ReadonlySet<string> = new Set([
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.svc.cluster.local',
]);
const SERVICE_PREFIX = 'kubernetes.default.svc.';

/** Each API server process makes this certificate for itself; some show it as their default. */
const LOOPBACK_CLIENT = /^apiserver-loopback-client@\d+$/;

/** CAs of the aggregation layer, which an API server names beside its client CA; a kubelet names the client CA alone. */
const AGGREGATION_CA =
  /^(kubernetes-)?front-proxy(-ca)?$|(^|-)request-?header-ca(@\d+)?$|aggregator(-client)?-signer(@\d+)?$|^proxyClientCA$/;

/** Subjects of what stands beside an API server and shares its CA or its library. */
const OTHER_COMMON_NAMES =
  /^(localhost@\d+|TRAEFIK DEFAULT CERT|Kubernetes Ingress Controller Fake Certificate|rke2|k0s-api|system:konnectivity-server|(system:)?kube-(controller-manager|scheduler))$/;

/** An in-cluster service name other than the API server's own: an extension API server, a webhook. */
const SERVICE_NAME = /\.svc(\.|$)/;

function recogniseFlight(names: FlightNames): Recognition {
  if (OTHER_COMMON_NAMES.test(names.commonName)) return 'look-alike';
  if (names.dnsNames.some((name) => SERVICE_NAMES.has(name) || name.startsWith(SERVICE_PREFIX))) {
    // MicroK8s' cluster agent shows the API server's own certificate on 25000.
    return names.port === 25_000 && names.subject.includes('O=Canonical') ? 'look-alike' : 'component';
  }
  if (LOOPBACK_CLIENT.test(names.commonName)) return 'component';
  if (names.clientCaNames.some((name) => AGGREGATION_CA.test(name))) {
    return names.dnsNames.some((name) => SERVICE_NAME.test(name)) ? 'look-alike' : 'component';
  }
  return 'none';
}

function recogniseAnswer(answer: AnswerSeen): Recognition {
  if (answer.header('server')?.startsWith('gunicorn')) return 'look-alike';
  if (answer.header('x-kubernetes-pf-flowschema-uid') !== undefined) return 'component';
  if (answer.status !== 200) return isStatusDocument(answer.text) ? 'component' : 'none';
  const verdict = parseVersionDocument(answer.text);
  if (verdict.kind === 'version') return 'component';
  return verdict.kind === 'look-alike' && verdict.product !== undefined ? 'look-alike' : 'none';
}

/** The Status object of the API machinery, in its head; extension API servers write it too. */
function isStatusDocument(text: string): boolean {
  return /^\s*\{\s*"kind":\s*"Status",\s*"apiVersion":\s*"v1"/.test(text.slice(0, 200));
}

export const kubeApiserver = defineComponent({
  name: 'kube-apiserver',
  ports: [443, 6443, 8443, 16_443],
  transport: 'tls',
  request: { method: 'GET', path: '/version' },
  sends: ['client-hello', 'client-key-exchange-and-finished', 'request'],
  recogniseFlight,
  recogniseAnswer,
});
