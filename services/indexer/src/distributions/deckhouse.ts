import { defineDistribution, endingIn } from './define-distribution.ts';

export const deckhouse = defineDistribution({
  name: 'deckhouse',
  title: 'Flant Deckhouse',
  builtOn: ['kubeadm'],
  versions: 'any',
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'high',
      source: 'raesene/public-k8s-censys@777ad16; from 1.26 on without a number',
      when: { gitVersion: endingIn(/\+flant(\.\d+)?/) },
    },
  ],
});
