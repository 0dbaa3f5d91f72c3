import { defineDistribution } from './define-distribution.ts';

export const tanzu = defineDistribution({
  name: 'tanzu',
  title: 'VMware Tanzu',
  builtOn: ['kubeadm'],
  versions: /\+vmware\.\d+(-[a-z0-9.-]+)?$/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'certain',
      source: 'raesene/public-k8s-censys@777ad16; recorded capture',
      when: { gitVersion: /\+vmware\.\d+(-[a-z0-9.-]+)?$/ },
    },
  ],
});
