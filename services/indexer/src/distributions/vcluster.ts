import { defineDistribution } from './define-distribution.ts';

export const vcluster = defineDistribution({
  name: 'vcluster',
  title: 'vcluster',
  builtOn: ['kubeadm', 'k3s', 'k0s', 'eks-d'],
  versions: 'any',
  note: 'Names without that of its nodes are those of kubeadm, whose keys may be elliptic too.',
  signals: [
    {
      name: 'node-names',
      kind: 'names',
      confidence: 'high',
      ownDomain: 'vcluster.com',
      source: 'loft-sh/vcluster:pkg/constants@4876675: names of its nodes end so',
      when: { dnsNames: { some: /^\*\.nodes\.vcluster\.com$/ } },
    },
  ],
});
