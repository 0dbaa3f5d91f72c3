import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { defineDistribution, KUBERNETES_NAMES, YEAR_MS } from './define-distribution.ts';

/** rancher/rke pki/util.go and pki/services.go at 40c5dd4; a capture with a ten-year leaf and a 401. */
export default defineDistribution({
  name: 'rke1',
  verdict: 'rke1',
  share: 12,
  ports: [6443],
  gitVersions: GIT_VERSIONS.upstream.slice(0, 9),
  access: () => 'unauthorized',
  chain: (context) => [
    toServingSpecification({
      subject: [['CN', 'kube-apiserver']],
      issuer: [['CN', 'kube-ca']],
      sans: [
        'DNS:localhost',
        ...KUBERNETES_NAMES,
        `DNS:${context.node.hostname}`,
        `IP:${context.address}`,
        'IP:127.0.0.1',
        'IP:10.43.0.1',
      ],
      serial: serialOf(context),
      notBefore: context.cluster.createdAt,
      notAfter: context.cluster.issuedAt + 10 * YEAR_MS,
      key: rsaKey(context.cluster),
      signer: RSA_AUTHORITY,
      authorityKeyId: context.cluster.authorityKeyId,
      basicConstraints: false,
      clientUsage: true,
    }),
  ],
  clientCas: () => [[['CN', 'kube-ca']], [['CN', 'kube-apiserver-requestheader-ca']]],
});
