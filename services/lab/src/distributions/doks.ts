import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { defineDistribution, KUBERNETES_NAMES, YEAR_MS } from './define-distribution.ts';

/** The cluster authority's name is from a capture of 2019; the endpoint's name from the provider's documentation. */
export default defineDistribution({
  name: 'doks',
  verdict: 'doks',
  share: 16,
  ports: [443],
  gitVersions: GIT_VERSIONS.upstream.slice(6),
  access: () => 'version',
  chain: (context) => {
    const { cluster } = context;
    return [
      toServingSpecification({
        subject: [
          ['O', 'DigitalOcean'],
          ['CN', 'kube-apiserver'],
        ],
        issuer: [
          ['O', 'DigitalOcean'],
          ['CN', 'k8saas Cluster CA'],
        ],
        sans: [...KUBERNETES_NAMES, `DNS:${cluster.uid}.k8s.ondigitalocean.com`, 'IP:10.245.0.1'],
        serial: serialOf(context),
        notBefore: cluster.issuedAt,
        notAfter: cluster.issuedAt + YEAR_MS,
        key: rsaKey(cluster),
        signer: RSA_AUTHORITY,
        authorityKeyId: cluster.authorityKeyId,
        basicConstraints: false,
      }),
    ];
  },
  clientCas: () => [
    [
      ['O', 'DigitalOcean'],
      ['CN', 'k8saas Cluster CA'],
    ],
  ],
});
