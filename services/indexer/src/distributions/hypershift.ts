import { defineDistribution } from './define-distribution.ts';
import { openshift } from './openshift.ts';

export const hypershift = defineDistribution({
  name: 'hypershift',
  title: 'OpenShift hosted control planes',
  builtOn: ['openshift'],
  versions: openshift.versions,
  certificateTells: true,
  signals: [
    {
      name: 'hosted-name',
      kind: 'names',
      confidence: 'medium',
      source: 'openshift/hypershift#1950',
      when: { dnsNames: { some: /^api\.[^.]{1,63}\.hypershift\.local$/ } },
    },
    {
      name: 'service-names',
      kind: 'names',
      confidence: 'medium',
      source: 'openshift/hypershift#1950: no kubernetes.default, no openshift names',
      when: {
        dnsNames: {
          every: ['kube-apiserver', 'kubernetes', 'kubernetes.default.svc'],
          some: /^kube-apiserver\.[^.]{1,63}\.svc$/,
          none: /^kubernetes\.default$|^openshift/,
        },
      },
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'openshift/hypershift#1950',
      when: { ipAddresses: { some: ['172.31.0.1'] } },
    },
  ],
});
