import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { toMinor } from '../population/cluster.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { defineDistribution, KUBERNETES_NAMES, YEAR_MS } from './define-distribution.ts';

/**
 * The issuer is a UUID and the subject the address, so far as is known, and the service range a /20: no certificate
 * was captured in public.
 * `/version` is closed by default on clusters created at 1.35.0-gke.1171000 or later.
 */
export default defineDistribution({
  name: 'gke',
  verdict: 'gke',
  why: 'where /version is closed, the UUID as issuer and the bare address as subject are all there is to see',
  share: 350,
  ports: [443],
  gitVersions: GIT_VERSIONS.gke,
  access: (gitVersion) => (toMinor(gitVersion) >= 35 ? 'unauthorized' : 'version'),
  chain: (context) => {
    const { cluster, address, random } = context;
    return [
      toServingSpecification({
        subject: [['CN', address]],
        issuer: [['CN', cluster.uid]],
        sans: [
          ...KUBERNETES_NAMES,
          `IP:${address}`,
          `IP:${random.chance(0.5) ? '34.118.224.1' : `10.${random.integer(128)}.240.1`}`,
          `IP:172.16.${random.integer(16)}.2`,
        ],
        serial: serialOf(context),
        notBefore: cluster.issuedAt,
        notAfter: cluster.issuedAt + 5 * YEAR_MS,
        key: rsaKey(cluster),
        signer: RSA_AUTHORITY,
        authorityKeyId: cluster.authorityKeyId,
        basicConstraints: true,
      }),
    ];
  },
  clientCas: (cluster) => [[['CN', cluster.uid]], [['CN', 'front-proxy-ca']]],
});
