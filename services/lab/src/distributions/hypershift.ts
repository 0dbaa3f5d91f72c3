import type { Name } from '../certificates/name.ts';
import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { defineDistribution, YEAR_MS } from './define-distribution.ts';

const AUTHORITY: Name = [
  ['OU', 'openshift'],
  ['CN', 'root-ca'],
];

/** Names of openshift/hypershift#1950; subject and issuer were not captured. */
export default defineDistribution({
  name: 'hypershift',
  verdict: 'hypershift',
  share: 5,
  ports: [6443],
  gitVersions: GIT_VERSIONS.openshift.slice(6),
  access: () => 'version',
  chain: (context) => {
    const { cluster, random } = context;
    const name = `hosted-${random.hex(3)}`;
    return [
      toServingSpecification({
        subject: [
          ['O', 'kubernetes'],
          ['CN', 'kubernetes'],
        ],
        issuer: AUTHORITY,
        sans: [
          'DNS:localhost',
          'DNS:kubernetes',
          'DNS:kubernetes.default.svc',
          'DNS:kubernetes.default.svc.cluster.local',
          'DNS:kube-apiserver',
          `DNS:kube-apiserver.clusters-${name}.svc`,
          `DNS:kube-apiserver.clusters-${name}.svc.cluster.local`,
          `DNS:${random.hex(32)}-${random.hex(16)}.elb.us-east-2.amazonaws.com`,
          `DNS:api.${name}.hypershift.local`,
          'IP:127.0.0.1',
          'IP:172.31.0.1',
        ],
        serial: serialOf(context),
        notBefore: cluster.issuedAt,
        notAfter: cluster.issuedAt + YEAR_MS,
        key: rsaKey(cluster),
        signer: RSA_AUTHORITY,
        authorityKeyId: cluster.authorityKeyId,
        basicConstraints: true,
      }),
    ];
  },
  clientCas: () => [AUTHORITY],
});
