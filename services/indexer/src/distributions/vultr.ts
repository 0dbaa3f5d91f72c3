import { defineDistribution } from './define-distribution.ts';

export const vultr = defineDistribution({
  name: 'vultr',
  title: 'Vultr Kubernetes Engine',
  builtOn: ['kubeadm'],
  versions: 'unmarked',
  note: 'Its certificate is not established, its gitVersion carries no mark.',
  signals: [
    {
      name: 'endpoint-name',
      kind: 'names',
      confidence: 'low',
      source: 'unverified in a certificate: the host name <uuid>.vultr-k8s.com',
      when: { dnsNames: { some: /\.vultr-k8s\.com$/ } },
    },
  ],
});
