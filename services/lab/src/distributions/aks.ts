import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { defineDistribution, KUBERNETES_NAMES, YEAR_MS } from './define-distribution.ts';

const REGIONS = ['eastus', 'westeurope', 'swedencentral', 'southeastasia'];
const BACK_DATE_MS = 10 * 60_000;

/** Three captures (Azure/AKS#368 and two of 2023 and 2024): `CN=apiserver` by `CN=ca`, two years, ten minutes back. */
export default defineDistribution({
  name: 'aks',
  verdict: 'aks',
  share: 60,
  ports: [443],
  gitVersions: GIT_VERSIONS.upstream,
  access: () => 'unauthorized',
  chain: (context) => {
    const { cluster, random } = context;
    const inner = cluster.uid.replaceAll('-', '').slice(0, 24);
    return [
      toServingSpecification({
        subject: [['CN', 'apiserver']],
        issuer: [['CN', 'ca']],
        sans: [
          'DNS:hcp-kubernetes',
          ...KUBERNETES_NAMES,
          `DNS:hcp-kubernetes.${inner}.svc.cluster.local`,
          `DNS:${random.pick(['prod', 'dev', 'team', 'shop'])}-${random.hex(8)}.hcp.${random.pick(REGIONS)}.azmk8s.io`,
          'IP:10.0.0.1',
        ],
        serial: serialOf(context),
        notBefore: cluster.issuedAt - BACK_DATE_MS,
        notAfter: cluster.issuedAt + 2 * YEAR_MS,
        key: rsaKey(cluster),
        signer: RSA_AUTHORITY,
        authorityKeyId: cluster.authorityKeyId,
        basicConstraints: true,
      }),
    ];
  },
  clientCas: () => [[['CN', 'ca']]],
});
