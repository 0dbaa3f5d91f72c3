import { defineDistribution } from './define-distribution.ts';

export const civo = defineDistribution({
  name: 'civo',
  title: 'Civo',
  builtOn: ['kubeadm', 'k3s', 'talos'],
  versions: 'any',
  note: 'Runs k3s or Talos and shows their marks.',
  signals: [
    {
      name: 'endpoint-name',
      kind: 'names',
      confidence: 'low',
      source: 'unverified in a certificate: the host name <uuid>.k8s.civo.com',
      when: { dnsNames: { some: /\.k8s\.civo\.com$/ } },
    },
  ],
});
