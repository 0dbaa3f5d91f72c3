import { defineDistribution } from './define-distribution.ts';

export const rancherCattle = defineDistribution({
  name: 'rancher-cattle',
  title: 'Rancher 1 (Cattle)',
  versions: /-rancher-\d+$/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'medium',
      source: 'raesene/public-k8s-censys@777ad16',
      when: { gitVersion: /^v1\.\d+\.\d+-rancher-\d+$/ },
    },
  ],
});
