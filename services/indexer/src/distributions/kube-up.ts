import { defineDistribution } from './define-distribution.ts';

export const kubeUp = defineDistribution({
  name: 'kube-up',
  title: 'kube-up',
  versions: 'unmarked',
  certificateTells: true,
  signals: [
    {
      name: 'authority-name',
      kind: 'certificate',
      confidence: 'high',
      source: 'recorded capture of 2016: an authority named for the address and the time',
      when: { subject: { cn: 'kubernetes-master' }, issuer: { cn: /^\d{1,3}(\.\d{1,3}){3}@\d{9,11}$/ } },
    },
  ],
});
