import { defineDistribution, endingIn } from './define-distribution.ts';

export const tencentTce = defineDistribution({
  name: 'tencent-tce',
  title: 'Tencent Cloud Enterprise',
  builtOn: ['kubeadm'],
  versions: /-tce\.\d+/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'low',
      source: 'unverified: the vendor is inferred from the suffix; raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/-tce\.\d+\.\d+\+[0-9a-f]{7,40}/) },
    },
  ],
});
