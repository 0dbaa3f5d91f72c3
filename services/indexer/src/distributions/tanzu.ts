import { defineDistribution, endingIn } from './define-distribution.ts';

export const tanzu = defineDistribution({
  name: 'tanzu',
  title: 'VMware Tanzu',
  builtOn: ['kubeadm'],
  versions: /\+vmware\.(wcp\.)?\d+(-[a-z0-9.-]+)?$/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'certain',
      source: 'raesene/public-k8s-censys@777ad16; recorded captures, those of supervisors with the letters wcp',
      when: { gitVersion: endingIn(/\+vmware\.(wcp\.)?\d+(-fips(\.\d+)?)?/) },
    },
  ],
});
