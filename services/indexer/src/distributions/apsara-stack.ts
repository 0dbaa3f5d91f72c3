import { defineDistribution, endingIn } from './define-distribution.ts';

export const apsaraStack = defineDistribution({
  name: 'apsara-stack',
  title: 'Alibaba Apsara Stack',
  builtOn: ['kubeadm'],
  versions: /-tianji\.\d+/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'high',
      source: 'raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/-tianji\.\d+\.\d+\+[0-9a-f]{7,40}/) },
    },
  ],
});
