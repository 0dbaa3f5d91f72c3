import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { toMinor } from '../population/cluster.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { defineDistribution, KUBERNETES_NAMES, kubeadmClientCas, YEAR_MS } from './define-distribution.ts';

const REGIONS = ['us-west-2', 'us-east-1', 'eu-west-1', 'eu-central-1', 'ap-southeast-1', 'sa-east-1'];

/**
 * The one public PEM (2018): kubeadm's names for subject and issuer, no key identifiers, no basic constraints, the
 * endpoint's name in lower case. `/version` is closed from 1.32 (AWS release notes; a capture of 2026).
 */
export default defineDistribution({
  name: 'eks',
  verdict: 'eks',
  share: 220,
  ports: [443],
  gitVersions: GIT_VERSIONS.eks,
  highlyAvailable: { 2: 0.3 },
  access: (gitVersion) => (toMinor(gitVersion) >= 32 ? 'unauthorized' : 'version'),
  closesWithVersion: true,
  chain: (context) => {
    const { cluster, random } = context;
    const region = random.pick(REGIONS);
    const group = random.pick(['gr7', 'sk1', 'yl4']);
    const inner = `10-0-${random.integer(250)}-${random.integer(250)}`;
    return [
      toServingSpecification({
        subject: [['CN', 'kube-apiserver']],
        issuer: [['CN', 'kubernetes']],
        sans: [
          `DNS:ip-${inner}.${region}.compute.internal`,
          ...KUBERNETES_NAMES,
          `DNS:${cluster.uid.replaceAll('-', '')}.${group}.${region}.eks.amazonaws.com`,
          `IP:${random.chance(0.5) ? '10.100.0.1' : '172.20.0.1'}`,
          `IP:192.168.${random.integer(250)}.${random.integer(250)}`,
        ],
        serial: serialOf(context),
        notBefore: cluster.issuedAt,
        notAfter: cluster.issuedAt + YEAR_MS,
        key: rsaKey(cluster),
        signer: RSA_AUTHORITY,
        basicConstraints: false,
      }),
    ];
  },
  clientCas: kubeadmClientCas,
});
