import { defineDistribution } from './define-distribution.ts';

export const ovh = defineDistribution({
  name: 'ovh',
  title: 'OVHcloud Managed Kubernetes',
  builtOn: ['kubeadm'],
  versions: 'unmarked',
  note: 'Its certificate is not established, its gitVersion carries no mark.',
  signals: [
    {
      name: 'endpoint-name',
      kind: 'names',
      confidence: 'low',
      source: 'unverified in a certificate: the host name <id>.c1.<region>.k8s.ovh.net',
      when: { dnsNames: { some: /\.k8s\.ovh\.net$/ } },
    },
  ],
});
