import { defineDistribution } from './define-distribution.ts';

export const tanzu = defineDistribution({
  name: 'tanzu',
  title: 'VMware Tanzu',
  builtOn: ['kubeadm'],
  versions: /\+vmware\.\d+(-fips(\.\d+)?)?$/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'certain',
      source: 'raesene/public-k8s-censys@777ad16; recorded capture',
      when: { gitVersion: /\+vmware\.\d+(-fips(\.\d+)?)?$/ },
    },
  ],
});
