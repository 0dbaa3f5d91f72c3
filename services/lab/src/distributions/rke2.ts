import type { Name } from '../certificates/name.ts';
import { toAuthoritySpecification, toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { createdAtSeconds, EC_AUTHORITY, ecKey, serialOf } from './cluster-keys.ts';
import { defineDistribution, KUBERNETES_NAMES, YEAR_MS } from './define-distribution.ts';

/** A capture of 2026 with all its names; the authority is sent too; anonymous requests are off (rancher/rke2#8246). */
export default defineDistribution({
  name: 'rke2',
  verdict: 'rke2',
  share: 25,
  ports: [6443],
  gitVersions: GIT_VERSIONS.rke2,
  highlyAvailable: { 3: 0.25 },
  access: () => 'unauthorized',
  chain: (context) => {
    const { cluster, node, nodeIndex, address } = context;
    const createdAt = createdAtSeconds(cluster) * 1000;
    const issuer: Name = [['CN', `rke2-server-ca@${createdAtSeconds(cluster)}`]];
    const addresses = ['127.0.0.1', '::1', address, address, '10.43.0.1'];
    return [
      toServingSpecification({
        subject: [['CN', 'kube-apiserver']],
        issuer,
        sans: [...KUBERNETES_NAMES, 'DNS:localhost', `DNS:${node.hostname}`, ...addresses.map((ip) => `IP:${ip}`)],
        serial: serialOf(context, nodeIndex),
        notBefore: createdAt,
        notAfter: cluster.issuedAt + YEAR_MS,
        key: ecKey(cluster, nodeIndex),
        signer: EC_AUTHORITY,
        authorityKeyId: cluster.authorityKeyId,
        basicConstraints: false,
      }),
      toAuthoritySpecification({
        name: issuer,
        serial: '00',
        notBefore: createdAt,
        notAfter: createdAt + 10 * YEAR_MS,
        key: EC_AUTHORITY,
        keyId: cluster.authorityKeyId,
      }),
    ];
  },
  // Not captured: named as its server authority is, by the function that makes all of them.
  clientCas: (cluster) => [
    [['CN', `rke2-client-ca@${createdAtSeconds(cluster)}`]],
    [['CN', `rke2-request-header-ca@${createdAtSeconds(cluster)}`]],
  ],
});
