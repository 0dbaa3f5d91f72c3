import { defineDistribution, endingIn } from './define-distribution.ts';

export const rancherCattle = defineDistribution({
  name: 'rancher-cattle',
  title: 'Rancher 1 (Cattle)',
  versions: /-rancher-\d+(-dirty)?$/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'medium',
      source: 'raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/-rancher-\d+/) },
    },
  ],
});
