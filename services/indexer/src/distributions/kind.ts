import { defineDistribution } from './define-distribution.ts';

export const kind = defineDistribution({
  name: 'kind',
  title: 'kind',
  builtOn: ['kubeadm'],
  versions: 'unmarked',
  certificateTells: true,
  signals: [
    {
      name: 'control-plane-name',
      kind: 'names',
      confidence: 'high',
      source: 'kubernetes-sigs/kind:pkg/cluster/internal/kubeadm/config.go@fed2688; recorded names of 2021',
      when: {
        dnsNames: { every: ['kubernetes', 'localhost'], some: /-control-plane\d*$/ },
        ipAddresses: { some: ['127.0.0.1', '::1'] },
      },
    },
    {
      name: 'control-plane-name-bound-elsewhere',
      kind: 'names',
      confidence: 'medium',
      source:
        'kubernetes-sigs/kind:pkg/cluster/internal/kubeadm/config.go@fed2688: localhost and the address that the operator had it bound to',
      when: {
        dnsNames: { every: ['kubernetes', 'localhost'], some: /-control-plane\d*$/ },
        ipAddresses: { none: ['127.0.0.1', '::1'] },
      },
    },
  ],
});
