import { defineDistribution, endingIn } from './define-distribution.ts';

export const alibabaInternal = defineDistribution({
  name: 'alibaba-internal',
  title: 'Alibaba internal builds',
  builtOn: ['kubeadm'],
  versions: /-alibaba\.\d+[+-][0-9a-f]{7,40}(-dirty)?$/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'high',
      source: 'raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/-alibaba\.\d+[+-][0-9a-f]{7,40}/) },
    },
  ],
});
