import { defineDistribution, endingIn } from './define-distribution.ts';

export const hpeEzmeral = defineDistribution({
  name: 'hpe-ezmeral',
  title: 'HPE Ezmeral',
  builtOn: ['kubeadm'],
  versions: /-hpe-?\d+(-dirty)?$/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'medium',
      source: 'raesene/public-k8s-censys@777ad16; the vendor is inferred from the suffix',
      when: { gitVersion: endingIn(/-hpe-?\d+/) },
    },
  ],
});
