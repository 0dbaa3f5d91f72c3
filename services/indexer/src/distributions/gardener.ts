import { defineDistribution } from './define-distribution.ts';

export const gardener = defineDistribution({
  name: 'gardener',
  title: 'Gardener',
  builtOn: ['kubeadm'],
  versions: 'unmarked',
  certificateTells: true,
  note: 'Without a server name its ingress shows no certificate at all.',
  signals: [
    {
      name: 'shoot-name',
      kind: 'names',
      confidence: 'medium',
      source: 'gardener/gardener:pkg/component/kubernetes/apiserver/secrets.go@0a555d1',
      when: { dnsNames: { some: /^([a-z0-9-]{1,63}-)?kube-apiserver\.(shoot|garden)--[a-z0-9-]+/ } },
    },
  ],
});
