import { defineDistribution } from './define-distribution.ts';

export const okd = defineDistribution({
  name: 'okd',
  title: 'OKD',
  builtOn: ['openshift'],
  versions: 'any',
  note: 'Releases that say the version of OpenShift cannot be told from it.',
  certificateTells: true,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'medium',
      source:
        'recorded OKD 4.12 installer log (API v1.25.0-2653+a34b9e9499e6c3-dirty up); raesene/public-k8s-censys@777ad16: 318 such strings',
      when: { gitVersion: /^v1\.\d+\.\d+(-rc\.\d+\.|-)\d{4}\+[0-9a-f]{14}(-dirty)?$/ },
    },
  ],
});
