import { defineDistribution, endingIn } from './define-distribution.ts';

export const ibmCloudPrivate = defineDistribution({
  name: 'ibm-cloud-private',
  title: 'IBM Cloud Private',
  versions: /\+icp(-ee)?(-dirty)?$/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'high',
      source: 'raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/\+icp(-ee)?/) },
    },
  ],
});
