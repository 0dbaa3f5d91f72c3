import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { defineDistribution, YEAR_MS } from './define-distribution.ts';

/** Built by the guide, by hand: names of a capture, among them the guide's own mistake, kubernetes.svc.cluster.local. */
export default defineDistribution({
  name: 'hard-way',
  verdict: 'hard-way',
  share: 5,
  ports: [6443],
  gitVersions: GIT_VERSIONS.upstream,
  access: () => 'version',
  chain: (context) => [
    toServingSpecification({
      subject: [
        ['CN', 'kubernetes'],
        ['C', 'US'],
        ['ST', 'Washington'],
        ['L', 'Seattle'],
      ],
      issuer: [
        ['C', 'US'],
        ['ST', 'Washington'],
        ['L', 'Seattle'],
        ['CN', 'CA'],
      ],
      sans: [
        'IP:127.0.0.1',
        'IP:10.32.0.1',
        'DNS:kubernetes',
        'DNS:kubernetes.default',
        'DNS:kubernetes.default.svc',
        'DNS:kubernetes.default.svc.cluster',
        'DNS:kubernetes.svc.cluster.local',
        'DNS:server.kubernetes.local',
        'DNS:api-server.kubernetes.local',
      ],
      serial: serialOf(context),
      notBefore: context.cluster.issuedAt,
      notAfter: context.cluster.issuedAt + 10 * YEAR_MS,
      key: rsaKey(context.cluster),
      signer: RSA_AUTHORITY,
      authorityKeyId: context.cluster.authorityKeyId,
      basicConstraints: true,
      clientUsage: true,
    }),
  ],
  clientCas: () => [
    [
      ['C', 'US'],
      ['ST', 'Washington'],
      ['L', 'Seattle'],
      ['CN', 'CA'],
    ],
  ],
});
