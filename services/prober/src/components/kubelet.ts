import { type AnswerSeen, defineComponent, type FlightNames, type Recognition } from './define-component.ts';

/** `<node>@<time of the first start>`: what a kubelet names itself in the certificate that it makes for itself. */
const SELF_SIGNED = /^(.+)@\d{9,11}$/;
const NOT_A_NODE = /^(localhost|apiserver-loopback-client)@/;
/** Client CAs of clusters. A kubelet names its cluster's and no other; an API server names the aggregation layer's too. */
const CLUSTER_CLIENT_CA = /^(kubernetes(-ca)?|kube-ca|minikubeCA|(k3s|rke2)-client-ca@\d+|10\.152\.183\.1)$/;
const DEFAULT_PORT = 10_250;

function recogniseFlight(names: FlightNames): Recognition {
  if (NOT_A_NODE.test(names.commonName)) return 'look-alike';
  if (names.commonName.startsWith('system:node:')) return 'component';
  const node = SELF_SIGNED.exec(names.commonName)?.[1]?.toLowerCase();
  if (node !== undefined && (names.dnsNames.includes(node) || names.issuerCommonName.includes('-ca@')))
    return 'component';
  if (names.dnsNames.some((name) => name === 'kubernetes' || name.startsWith('kubernetes.'))) return 'none';
  const isClusterCaAlone = names.clientCaNames.length === 1 && CLUSTER_CLIENT_CA.test(names.clientCaNames[0] ?? '');
  return isClusterCaAlone && names.port === DEFAULT_PORT ? 'component' : 'none';
}

/** 401: anonymous requests are off; 403: on, and not authorised; 200: open. `/` says nothing: it is 404 either way. */
function recogniseAnswer(answer: AnswerSeen): Recognition {
  return answer.status === 403 && answer.text.startsWith('Forbidden (user=') ? 'component' : 'none';
}

export const kubelet = defineComponent({
  name: 'kubelet',
  ports: [DEFAULT_PORT],
  transport: 'tls',
  request: { method: 'GET', path: '/healthz' },
  sends: ['client-hello', 'client-key-exchange-and-finished', 'request'],
  recogniseFlight,
  recogniseAnswer,
});
