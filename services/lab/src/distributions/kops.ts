import type { Name } from '../certificates/name.ts';
import { toAuthoritySpecification, toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { toMinor } from '../population/cluster.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { defineDistribution, KUBERNETES_NAMES, YEAR_MS } from './define-distribution.ts';

/** Names and subject of three captures; the authority is sent too. Its name changed with 1.22, as far as is known. */
export default defineDistribution({
  name: 'kops',
  verdict: 'kops',
  share: 8,
  ports: [443],
  gitVersions: GIT_VERSIONS.upstream,
  highlyAvailable: { 3: 0.2 },
  access: () => 'version',
  chain: (context) => {
    const { cluster, address, random } = context;
    const authority: Name = [['CN', toMinor(cluster.gitVersion) < 22 ? 'kubernetes' : 'kubernetes-ca']];
    const domain = `${random.pick(['prod', 'dev', 'eu', 'useast1'])}-${random.hex(4)}.k8s.local`;
    return [
      toServingSpecification({
        subject: [['CN', 'kubernetes-master']],
        issuer: authority,
        sans: [
          ...KUBERNETES_NAMES,
          `DNS:api.${domain}`,
          `DNS:api.internal.${domain}`,
          'IP:100.64.0.1',
          'IP:127.0.0.1',
          `IP:${address}`,
        ],
        serial: serialOf(context, context.nodeIndex),
        notBefore: cluster.issuedAt,
        notAfter: cluster.issuedAt + YEAR_MS,
        key: rsaKey(cluster, context.nodeIndex),
        signer: RSA_AUTHORITY,
        authorityKeyId: cluster.authorityKeyId,
        basicConstraints: true,
      }),
      toAuthoritySpecification({
        name: authority,
        serial: serialOf(context, 100),
        notBefore: cluster.createdAt,
        notAfter: cluster.createdAt + 10 * YEAR_MS,
        key: RSA_AUTHORITY,
        keyId: cluster.authorityKeyId,
      }),
    ];
  },
  clientCas: () => [[['CN', 'kubernetes-ca']], [['CN', 'apiserver-aggregator-ca']]],
});
