import type { CertificateSpecification } from '../certificates/certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { createRandom } from '../random.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { defineDistribution, type ServingContext, YEAR_MS } from './define-distribution.ts';

/** Made by openssl from csr.conf.template (canonical/microk8s at d099c90; three PEMs): its order of extensions is not Go's. */
function serving(context: ServingContext): CertificateSpecification {
  const { cluster, address } = context;
  const random = createRandom(cluster.createdAt, 'authority-serial', cluster.identity);
  return {
    subject: [
      ['C', 'GB'],
      ['ST', 'Canonical'],
      ['L', 'Canonical'],
      ['O', 'Canonical'],
      ['OU', 'Canonical'],
      ['CN', '127.0.0.1'],
    ],
    issuer: [['CN', '10.152.183.1']],
    serial: serialOf(context),
    notBefore: cluster.issuedAt,
    notAfter: cluster.issuedAt + YEAR_MS,
    key: rsaKey(cluster),
    signer: RSA_AUTHORITY,
    extensions: [
      {
        type: 'authority-key-id',
        id: Buffer.from(cluster.authorityKeyId, 'hex'),
        issuer: { name: [['CN', '10.152.183.1']], serial: Buffer.concat([Buffer.of(0x23), random.bytes(19)]) },
      },
      { type: 'basic-constraints', ca: false, critical: false },
      {
        type: 'key-usage',
        bits: ['digitalSignature', 'keyEncipherment', 'dataEncipherment'],
        critical: false,
      },
      { type: 'extended-key-usage', server: true, client: true },
      {
        type: 'subject-alternative-name',
        names: [
          'DNS:kubernetes',
          'DNS:kubernetes.default',
          'DNS:kubernetes.default.svc',
          'DNS:kubernetes.default.svc.cluster',
          'DNS:kubernetes.default.svc.cluster.local',
          'IP:127.0.0.1',
          'IP:10.152.183.1',
          `IP:${address}`,
        ],
      },
    ],
  };
}

/** Its default authorizer, AlwaysAllow, turns anonymous requests off; with the RBAC add-on `/version` is public. */
export default defineDistribution({
  name: 'microk8s',
  verdict: 'microk8s',
  share: 18,
  ports: [16_443],
  gitVersions: GIT_VERSIONS.upstream,
  access: (_gitVersion, random) => (random.chance(0.2) ? 'version' : 'unauthorized'),
  chain: (context) => [serving(context)],
  clientCas: () => [[['CN', '10.152.183.1']], [['CN', 'front-proxy-ca']]],
});
