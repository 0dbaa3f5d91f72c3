import type { Name } from '../certificates/name.ts';
import { toAuthoritySpecification, toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { EC_AUTHORITY, ecKey, serialOf } from './cluster-keys.ts';
import { DAY_MS, defineDistribution, KUBERNETES_NAMES, YEAR_MS } from './define-distribution.ts';

const AUTHORITY: Name = [['O', 'kubernetes']];

/** siderolabs/talos kubernetes_dynamic_certs.go and control_plane_final.go at ad88231: TLS 1.3 only, anonymous off. */
export default defineDistribution({
  name: 'talos',
  verdict: 'talos',
  share: 14,
  ports: [6443],
  gitVersions: GIT_VERSIONS.upstream.slice(8),
  highlyAvailable: { 3: 0.25 },
  access: () => 'unauthorized',
  chain: (context) => {
    const { cluster, node, nodeIndex, address } = context;
    return [
      toServingSpecification({
        subject: [
          ['O', 'kube-master'],
          ['CN', 'kube-apiserver'],
        ],
        issuer: AUTHORITY,
        sans: [...KUBERNETES_NAMES, 'DNS:localhost', `DNS:${node.hostname}`, `IP:${address}`, 'IP:127.0.0.1'],
        serial: serialOf(context, nodeIndex),
        notBefore: cluster.issuedAt - DAY_MS / 24,
        notAfter: cluster.issuedAt + YEAR_MS,
        key: ecKey(cluster, nodeIndex),
        signer: EC_AUTHORITY,
        authorityKeyId: cluster.authorityKeyId,
        basicConstraints: true,
      }),
      toAuthoritySpecification({
        name: AUTHORITY,
        serial: serialOf(context, 100),
        notBefore: cluster.createdAt,
        notAfter: cluster.createdAt + 10 * YEAR_MS,
        key: EC_AUTHORITY,
        keyId: cluster.authorityKeyId,
      }),
    ];
  },
  clientCas: () => [AUTHORITY, [['CN', 'front-proxy']]],
  tls13Only: true,
});
