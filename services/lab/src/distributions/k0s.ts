import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { defineDistribution, YEAR_MS } from './define-distribution.ts';

/** k0sproject/k0s pkg/component/controller/certificates.go at 05a531a: it lacks kubernetes.default.svc.cluster.local. */
export default defineDistribution({
  name: 'k0s',
  verdict: 'k0s',
  share: 6,
  ports: [6443],
  gitVersions: GIT_VERSIONS.k0s,
  // No flag turns anonymous requests off (apiserver.go at 00c15fe); no capture of a live server settles it.
  access: () => 'version',
  chain: (context) => [
    toServingSpecification({
      subject: [
        ['O', 'kubernetes'],
        ['CN', 'kubernetes'],
      ],
      issuer: [['CN', 'kubernetes-ca']],
      sans: [
        'DNS:kubernetes',
        'DNS:kubernetes.default',
        'DNS:kubernetes.default.svc',
        'DNS:kubernetes.default.svc.cluster',
        'DNS:kubernetes.svc.cluster.local',
        'DNS:localhost',
        'IP:127.0.0.1',
        `IP:${context.address}`,
        'IP:10.96.0.1',
      ],
      serial: serialOf(context),
      notBefore: context.cluster.issuedAt,
      notAfter: context.cluster.issuedAt + YEAR_MS,
      key: rsaKey(context.cluster),
      signer: RSA_AUTHORITY,
      authorityKeyId: context.cluster.authorityKeyId,
      basicConstraints: true,
      clientUsage: true,
    }),
  ],
  clientCas: () => [[['CN', 'kubernetes-ca']], [['CN', 'kubernetes-front-proxy-ca']]],
});
