import { defineDistribution, endingIn } from './define-distribution.ts';

export const vke = defineDistribution({
  name: 'vke',
  title: 'Volcengine VKE',
  builtOn: ['kubeadm'],
  versions: /-vke\.\d+/,
  note: 'Not Vultr, whose service of the same name is said to be plain upstream.',
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'low',
      source: 'unverified: the vendor is inferred from the suffix; raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/-vke\.\d+([.-][a-z0-9.+-]+)?/) },
    },
  ],
});
