import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { RSA_AUTHORITY, rsaKey } from './cluster-keys.ts';
import { defineDistribution, YEAR_MS } from './define-distribution.ts';

/** kubernetes/minikube pkg/minikube/bootstrapper/certs.go at 01573e4; a PEM of 2023 with 17 like it. */
export default defineDistribution({
  name: 'minikube',
  verdict: 'minikube',
  share: 10,
  ports: [8443],
  gitVersions: GIT_VERSIONS.upstream,
  access: () => 'version',
  chain: ({ cluster, address }) => [
    toServingSpecification({
      subject: [
        ['O', 'system:masters'],
        ['CN', 'minikube'],
      ],
      issuer: [['CN', 'minikubeCA']],
      sans: [
        'DNS:minikubeCA',
        'DNS:control-plane.minikube.internal',
        'DNS:kubernetes.default.svc.cluster.local',
        'DNS:kubernetes.default.svc',
        'DNS:kubernetes.default',
        'DNS:kubernetes',
        'DNS:localhost',
        `IP:${address}`,
        'IP:10.96.0.1',
        'IP:127.0.0.1',
        'IP:10.0.0.1',
      ],
      serial: '02',
      notBefore: cluster.issuedAt,
      notAfter: cluster.issuedAt + 3 * YEAR_MS,
      key: rsaKey(cluster),
      signer: RSA_AUTHORITY,
      authorityKeyId: cluster.authorityKeyId,
      basicConstraints: true,
      clientUsage: true,
    }),
  ],
  clientCas: () => [[['CN', 'minikubeCA']], [['CN', 'front-proxy-ca']]],
});
