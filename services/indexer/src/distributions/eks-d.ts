import { defineDistribution, endingIn } from './define-distribution.ts';

export const eksD = defineDistribution({
  name: 'eks-d',
  title: 'EKS Distro and EKS Anywhere',
  builtOn: ['kubeadm'],
  versions: /-eks-1-\d+(-\d+)?(-dirty)?$/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'high',
      source: 'raesene/public-k8s-censys@777ad16; a vcluster that runs EKS Distro says the same',
      when: { gitVersion: endingIn(/-eks-1-\d+(-\d+)?/) },
    },
  ],
});
