import type { Name } from '../certificates/name.ts';
import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import type { Cluster } from '../population/cluster.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { defineDistribution, KUBERNETES_NAMES, YEAR_MS } from './define-distribution.ts';

function authority(cluster: Cluster): Name {
  const id = `c${cluster.uid.replaceAll('-', '')}`;
  return [
    ['O', id],
    ['OU', 'default'],
    ['CN', id],
  ];
}

/** One capture of 2018: the issuer is the cluster's 33-character id as organisation and name, unit "default". */
export default defineDistribution({
  name: 'ack',
  verdict: 'ack',
  share: 14,
  ports: [6443],
  gitVersions: GIT_VERSIONS.ack,
  access: () => 'version',
  chain: (context) => {
    const { cluster } = context;
    return [
      toServingSpecification({
        subject: [['CN', 'kube-apiserver']],
        issuer: authority(cluster),
        sans: [...KUBERNETES_NAMES, 'IP:172.21.0.1', `IP:${context.address}`],
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
  clientCas: (cluster) => [authority(cluster), [['CN', 'front-proxy-ca']]],
});
