import { defineDistribution, endingIn } from './define-distribution.ts';

export const tectonic = defineDistribution({
  name: 'tectonic',
  title: 'CoreOS Tectonic',
  versions: /\+coreos\.\d+(-dirty)?$/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'high',
      source: 'raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/\+coreos\.\d+/) },
    },
  ],
});
