import { defineDistribution } from './define-distribution.ts';

export const dockerDesktop = defineDistribution({
  name: 'docker-desktop',
  title: 'Docker Desktop',
  builtOn: ['kubeadm'],
  versions: 'unmarked',
  certificateTells: true,
  signals: [
    {
      name: 'machine-names',
      kind: 'names',
      confidence: 'medium',
      source: 'recorded names',
      when: { dnsNames: { some: /^(kubernetes|vm)\.docker\.internal$|^docker-(for-)?desktop$/ } },
    },
  ],
});
