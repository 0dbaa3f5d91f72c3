import { defineDistribution } from './define-distribution.ts';

export const exoscale = defineDistribution({
  name: 'exoscale',
  title: 'Exoscale SKS',
  builtOn: ['kubeadm'],
  versions: 'unmarked',
  note: 'Its certificate is not established, its gitVersion carries no mark.',
  signals: [
    {
      name: 'endpoint-name',
      kind: 'names',
      confidence: 'low',
      source: 'unverified in a certificate: the host name <uuid>.sks-<zone>.exo.io',
      when: { dnsNames: { some: /\.sks-[a-z0-9-]+\.exo\.io$/ } },
    },
  ],
});
