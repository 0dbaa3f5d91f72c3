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
      confidence: 'medium',
      source:
        'kubernetes-sigs/kind:pkg/cluster/internal/kubeadm/config.go@fed2688; recorded names of 2021; a node of kubeadm may be named so too',
      when: {
        dnsNames: { every: ['kubernetes', 'localhost'], some: /-control-plane([2-9]|[1-9]\d)?$/ },
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
        dnsNames: { every: ['kubernetes', 'localhost'], some: /-control-plane([2-9]|[1-9]\d)?$/ },
        ipAddresses: { none: ['127.0.0.1', '::1'] },
      },
    },
  ],
});
