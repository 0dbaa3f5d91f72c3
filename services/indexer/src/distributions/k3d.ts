import { defineDistribution } from './define-distribution.ts';

export const k3d = defineDistribution({
  name: 'k3d',
  title: 'k3d',
  builtOn: ['k3s'],
  versions: /[+-]k3s(\.?\d+|-[0-9a-f]{7,40})(-dirty)?$/,
  certificateTells: true,
  signals: [
    {
      name: 'node-names',
      kind: 'names',
      confidence: 'medium',
      source: 'recorded names: two captures',
      when: { dnsNames: { some: /^k3d-.{1,60}-server(lb|-\d+)$/ } },
    },
  ],
});
