import { defineDistribution, endingIn } from './define-distribution.ts';

export const olcne = defineDistribution({
  name: 'olcne',
  title: 'Oracle Linux Cloud Native Environment',
  builtOn: ['kubeadm'],
  versions: /\+\d+(\.\d+\.\d+)?\.el\d+(-dirty)?$/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'high',
      source: 'raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/\+\d+(\.\d+\.\d+)?\.el\d{1,2}/) },
    },
  ],
});
