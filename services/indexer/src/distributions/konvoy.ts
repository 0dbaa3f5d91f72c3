import { defineDistribution, endingIn } from './define-distribution.ts';

export const konvoy = defineDistribution({
  name: 'konvoy',
  title: 'D2iQ Konvoy and Nutanix NKP',
  builtOn: ['kubeadm'],
  versions: 'any',
  note: 'Only its FIPS builds carry a mark.',
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'medium',
      source: 'raesene/public-k8s-censys@777ad16; images of docker.io/mesosphere',
      when: { gitVersion: endingIn(/\+fips\.\d+/) },
    },
  ],
});
