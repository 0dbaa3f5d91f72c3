import type { Name } from '../certificates/name.ts';
import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { RSA_AUTHORITY, serialOf } from '../distributions/cluster-keys.ts';
import { YEAR_MS } from '../distributions/define-distribution.ts';
import { toGoTraits } from '../servers/go-tls/go-flight.ts';
import {
  type ComponentContext,
  json,
  type LabComponent,
  nodeKey,
  type PlayedComponent,
  text,
} from './define-lab-component.ts';

const AUTHORITY: Name = [['CN', 'etcd-ca']];

/** Bodies of captures of 3.4, 3.5 and 3.6. */
const VERSIONS = [
  { etcdserver: '3.4.13', etcdcluster: '3.4.0' },
  { etcdserver: '3.5.7', etcdcluster: '3.5.0' },
  { etcdserver: '3.6.6', etcdcluster: '3.6.0', storage: '3.6.0' },
] as const;

/** kubeadm's etcd: `CN=<node>` by `CN=etcd-ca`, and no answer without a client certificate (transcripts of 3.4.23). */
function play(context: ComponentContext, openShare: number): PlayedComponent {
  const { cluster, node, nodeIndex, address, own } = context;
  const isOpen = own.chance(openShare);
  const version = own.pick(VERSIONS);
  const leaf = toServingSpecification({
    subject: [['CN', node.hostname]],
    issuer: AUTHORITY,
    sans: ['DNS:localhost', `DNS:${node.hostname}`, `IP:${address}`, 'IP:127.0.0.1', 'IP:::1'],
    serial: serialOf(context, 50 + nodeIndex),
    notBefore: cluster.issuedAt,
    notAfter: cluster.issuedAt + YEAR_MS,
    key: nodeKey(cluster.keyIndex + nodeIndex),
    signer: RSA_AUTHORITY,
    authorityKeyId: own.hex(40),
    basicConstraints: true,
    clientUsage: true,
  });
  return {
    tls: {
      chain: [leaf],
      ...(isOpen ? {} : { clientCas: [AUTHORITY], requiresClientCertificate: true }),
      go: toGoTraits('go1.19.8'),
    },
    answers: [
      ['/version', json(version)],
      ['*', text(404, '404 page not found\n')],
    ],
    exposure: isOpen ? 'open' : 'silent',
    silence: isOpen ? null : 'client-certificate-required',
  };
}

export const etcdClient: LabComponent = {
  name: 'etcd-client',
  port: 2379,
  share: 0.25,
  play: (context) => play(context, 0.1),
};

export const etcdPeer: LabComponent = {
  name: 'etcd-peer',
  port: 2380,
  share: 0.2,
  play: (context) => play(context, 0),
};

/** `--listen-metrics-urls` on an outer address. */
export const etcdMetrics: LabComponent = {
  name: 'etcd-metrics',
  port: 2381,
  share: 0.04,
  play: () => ({
    answers: [
      ['/health', text(200, '{"health":"true"}')],
      ['*', text(404, '404 page not found\n')],
    ],
    exposure: 'open',
    silence: null,
  }),
};
