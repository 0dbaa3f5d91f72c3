import { defineDistribution } from './define-distribution.ts';

export const lke = defineDistribution({
  name: 'lke',
  title: 'Akamai (Linode) LKE',
  builtOn: ['kubeadm'],
  versions: 'unmarked',
  note: 'Its certificate is not established, its gitVersion carries no mark.',
  signals: [
    {
      name: 'endpoint-name',
      kind: 'names',
      confidence: 'low',
      source: 'unverified in a certificate: the host name <uuid>.<region>.linodelke.net',
      when: { dnsNames: { some: /\.linodelke\.net$/ } },
    },
  ],
});
