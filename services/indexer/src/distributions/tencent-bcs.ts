import { defineDistribution, endingIn } from './define-distribution.ts';

export const tencentBcs = defineDistribution({
  name: 'tencent-bcs',
  title: 'Tencent BlueKing BCS',
  builtOn: ['kubeadm'],
  versions: /-BCS\.patch\./,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'low',
      source: 'unverified: the vendor is inferred from the suffix; raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/-BCS\.patch\.v?\d+/) },
    },
  ],
});
