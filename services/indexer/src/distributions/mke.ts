import { defineDistribution, endingIn } from './define-distribution.ts';

export const mke = defineDistribution({
  name: 'mke',
  title: 'Mirantis Kubernetes Engine and Docker Enterprise',
  versions: 'any',
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'high',
      source: 'recorded captures: v1.11.5-docker-1, v1.18.10-mirantis-1, v1.27.7-mirantis-1',
      when: { gitVersion: endingIn(/-(docker|mirantis)-\d+/) },
    },
  ],
});
