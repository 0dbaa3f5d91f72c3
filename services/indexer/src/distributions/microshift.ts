import { defineDistribution } from './define-distribution.ts';

export const microshift = defineDistribution({
  name: 'microshift',
  title: 'MicroShift',
  builtOn: ['openshift'],
  versions: 'any',
  certificateTells: true,
  signals: [
    {
      name: 'server-certificate',
      kind: 'certificate',
      confidence: 'high',
      source: 'recorded capture: the signer of OpenShift without its unit',
      when: { issuer: { cn: 'kube-apiserver-service-network-signer', ou: null } },
    },
    {
      name: 'server-names',
      kind: 'names',
      confidence: 'medium',
      source: 'recorded names: those of OpenShift in another service range',
      when: { dnsNames: { every: ['openshift.default.svc'] }, ipAddresses: { some: ['10.43.0.1'] } },
    },
  ],
});
