import { defineDistribution } from './define-distribution.ts';

export const scaleway = defineDistribution({
  name: 'scaleway',
  title: 'Scaleway Kapsule',
  builtOn: ['kubeadm'],
  versions: 'unmarked',
  note: 'Its certificate is not established, its gitVersion carries no mark.',
  signals: [
    {
      name: 'endpoint-name',
      kind: 'names',
      confidence: 'low',
      source: 'unverified in a certificate: the host name <uuid>.api.k8s.<region>.scw.cloud',
      when: { dnsNames: { some: /\.k8s\.[a-z0-9-]+\.scw\.cloud$/ } },
    },
  ],
});
