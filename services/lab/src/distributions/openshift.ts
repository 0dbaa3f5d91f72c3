import type { Name } from '../certificates/name.ts';
import { toAuthoritySpecification, toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { DAY_MS, defineDistribution, KUBERNETES_NAMES, YEAR_MS } from './define-distribution.ts';

const AUTHORITY: Name = [
  ['OU', 'openshift'],
  ['CN', 'kube-apiserver-service-network-signer'],
];
const SERVICE_IPS = ['172.30.0.1', '172.30.0.1', '172.30.0.1', '172.30.0.1', '172.30.0.1', '10.217.4.1'];

/**
 * Without a server name it shows the service-network certificate, whose address is a DNS name as well
 * (openshift/cluster-kube-apiserver-operator at c813e82; three captures). 10.217.4.1 is OpenShift Local's.
 */
export default defineDistribution({
  name: 'openshift',
  verdict: 'openshift',
  share: 130,
  ports: [6443],
  gitVersions: GIT_VERSIONS.openshift,
  highlyAvailable: { 2: 0.1 },
  access: () => 'version',
  chain: (context) => {
    const { cluster } = context;
    const serviceIp = context.random.pick(SERVICE_IPS);
    return [
      toServingSpecification({
        subject: [['CN', serviceIp]],
        issuer: AUTHORITY,
        sans: [
          ...KUBERNETES_NAMES,
          'DNS:openshift',
          'DNS:openshift.default',
          'DNS:openshift.default.svc',
          'DNS:openshift.default.svc.cluster.local',
          `DNS:${serviceIp}`,
          `IP:${serviceIp}`,
        ],
        serial: serialOf(context),
        notBefore: cluster.issuedAt,
        notAfter: cluster.issuedAt + 30 * DAY_MS,
        key: rsaKey(cluster),
        signer: RSA_AUTHORITY,
        authorityKeyId: cluster.authorityKeyId,
        basicConstraints: true,
      }),
      toAuthoritySpecification({
        name: AUTHORITY,
        serial: serialOf(context, 100),
        notBefore: cluster.createdAt,
        notAfter: cluster.createdAt + 10 * YEAR_MS,
        key: RSA_AUTHORITY,
        keyId: cluster.authorityKeyId,
      }),
    ];
  },
  clientCas: () => [
    [
      ['OU', 'openshift'],
      ['CN', 'admin-kubeconfig-signer'],
    ],
    [
      ['OU', 'openshift'],
      ['CN', 'kubelet-signer'],
    ],
    [
      ['OU', 'openshift'],
      ['CN', 'kube-control-plane-signer'],
    ],
  ],
});
