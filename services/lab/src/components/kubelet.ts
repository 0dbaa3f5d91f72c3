import type { Name } from '../certificates/name.ts';
import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { EC_AUTHORITY } from '../distributions/cluster-keys.ts';
import { YEAR_MS } from '../distributions/define-distribution.ts';
import {
  type ComponentContext,
  type LabComponent,
  NOT_FOUND,
  nodeKey,
  OK,
  type PlayedComponent,
  text,
} from './define-lab-component.ts';
import { selfSignedChain } from './self-signed.ts';

/** The first that the API server names; k3s' listener names nobody, and its authorities share one pattern of names. */
function clientAuthority({ apiTls, apiChain }: ComponentContext): Name | undefined {
  const [, epoch] = /^k3s-server-ca@(\d+)$/.exec(apiChain[0]?.issuer[0]?.[1] ?? '') ?? [];
  return epoch === undefined ? apiTls.clientCas?.[0] : [['CN', `k3s-client-ca@${epoch}`]];
}

function chain({ cluster, node, nodeIndex, address, apiChain, own }: ComponentContext) {
  const [api] = apiChain;
  // k3s signs the kubelet's certificate with its server authority (a PEM of 2021); RKE2 shares the code.
  if (api?.issuer[0]?.[1].match(/^(k3s|rke2)-server-ca@/)) {
    return [
      toServingSpecification({
        subject: [['CN', node.hostname]],
        issuer: api.issuer,
        sans: [`DNS:${node.hostname}`, 'DNS:localhost', 'IP:127.0.0.1', `IP:${address}`],
        serial: own.hex(14).padStart(16, '1'),
        notBefore: api.notBefore,
        notAfter: cluster.issuedAt + YEAR_MS,
        key: `ec:kubelet-${cluster.keyIndex + nodeIndex}`,
        signer: EC_AUTHORITY,
        authorityKeyId: cluster.authorityKeyId,
        basicConstraints: false,
      }),
    ];
  }
  return selfSignedChain({
    host: node.hostname,
    names: [`DNS:${node.hostname}`],
    startedAt: cluster.createdAt + own.integer(120) * 1000,
    key: nodeKey(cluster.keyIndex + nodeIndex),
    keyId: own.hex(40),
  });
}

const FORBIDDEN = 'Forbidden (user=system:anonymous, verb=get, resource=nodes, subresource=proxy)';

function answer(draw: number): Pick<PlayedComponent, 'exposure' | 'silence' | 'answers'> {
  const rest = ['*', NOT_FOUND] as const;
  if (draw < 0.06) return { exposure: 'open', silence: null, answers: [['/healthz', OK], rest] };
  if (draw < 0.2)
    return { exposure: 'silent', silence: 'forbidden', answers: [['/healthz', text(403, FORBIDDEN)], rest] };
  return { exposure: 'silent', silence: 'unauthorized', answers: [['/healthz', text(401, 'Unauthorized')], rest] };
}

/** Transcripts of kubelet 1.20.2: 401 with anonymous off, 403 with it on, 404 for a path that nothing handles. */
export const kubelet: LabComponent = {
  name: 'kubelet',
  port: 10_250,
  share: 0.7,
  play(context) {
    const clientCa = clientAuthority(context);
    return {
      ...answer(context.own.fraction()),
      tls: {
        chain: chain(context),
        clientCas: clientCa === undefined ? [] : [clientCa],
        ...(context.apiTls.go === undefined ? {} : { go: context.apiTls.go }),
      },
    };
  },
};

/** `--read-only-port`: plain HTTP, no authentication. */
export const kubeletReadOnly: LabComponent = {
  name: 'kubelet-read-only',
  port: 10_255,
  share: 0.06,
  play: () => ({
    answers: [
      ['/healthz', OK],
      ['*', NOT_FOUND],
    ],
    exposure: 'open',
    silence: null,
  }),
};
