import { defineDistribution } from './define-distribution.ts';

export const coreosKubernetes = defineDistribution({
  name: 'coreos-kubernetes',
  title: 'coreos-kubernetes',
  versions: 'any',
  certificateTells: true,
  signals: [
    {
      name: 'misspelt-name',
      kind: 'names',
      confidence: 'medium',
      source: 'recorded names: the mistake is in the original script',
      when: { dnsNames: { every: ['kubernetens.default.svc'] } },
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'its default service range',
      when: { ipAddresses: { some: ['10.3.0.1'] } },
    },
  ],
});
