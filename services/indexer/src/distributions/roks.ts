import { defineDistribution } from './define-distribution.ts';
import { openshift } from './openshift.ts';

export const roks = defineDistribution({
  name: 'roks',
  title: 'Red Hat OpenShift on IBM Cloud',
  builtOn: ['openshift'],
  versions: openshift.versions,
  note: 'Says the versions of OpenShift; without its host name it cannot be told from it.',
  signals: [
    {
      name: 'endpoint-name',
      kind: 'names',
      confidence: 'low',
      source: 'unverified in a certificate: the recorded host name c<N>-e.<region>.containers.cloud.ibm.com',
      when: { dnsNames: { some: /^c\d+-e\.[a-z0-9-]+\.containers\.cloud\.ibm\.com$/ } },
    },
  ],
});
