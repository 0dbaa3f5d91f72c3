import { defineDistribution, endingIn } from './define-distribution.ts';

export const alibabaEns = defineDistribution({
  name: 'alibaba-ens',
  title: 'Alibaba Cloud ENS',
  builtOn: ['kubeadm'],
  versions: /-aliyunens\.\d+(-dirty)?$/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'high',
      source: 'raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/-aliyunens\.\d+/) },
    },
  ],
});
