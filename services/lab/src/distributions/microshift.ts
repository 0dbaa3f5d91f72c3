import { toServingSpecification } from '../certificates/serving-certificate.ts';
import { GIT_VERSIONS } from '../data/git-versions.ts';
import { RSA_AUTHORITY, rsaKey, serialOf } from './cluster-keys.ts';
import { defineDistribution, KUBERNETES_NAMES, YEAR_MS } from './define-distribution.ts';
import openshift from './openshift.ts';

/** OpenShift's names in k3s' service range, by a signer without OpenShift's unit (two captures). */
export default defineDistribution({
  name: 'microshift',
  verdict: 'microshift',
  share: 3,
  ports: [6443],
  gitVersions: GIT_VERSIONS.openshift.slice(6),
  access: () => 'version',
  chain: (context) => [
    toServingSpecification({
      subject: [['CN', '10.43.0.1']],
      issuer: [['CN', 'kube-apiserver-service-network-signer']],
      sans: [
        'DNS:api-int.example.com',
        'DNS:api.example.com',
        ...KUBERNETES_NAMES,
        'DNS:openshift',
        'DNS:openshift.default',
        'DNS:openshift.default.svc',
        'DNS:openshift.default.svc.cluster.local',
        'DNS:10.43.0.1',
        'IP:10.43.0.1',
      ],
      serial: serialOf(context),
      notBefore: context.cluster.issuedAt,
      notAfter: context.cluster.issuedAt + YEAR_MS,
      key: rsaKey(context.cluster),
      signer: RSA_AUTHORITY,
      authorityKeyId: context.cluster.authorityKeyId,
      basicConstraints: true,
    }),
  ],
  clientCas: openshift.clientCas,
});
