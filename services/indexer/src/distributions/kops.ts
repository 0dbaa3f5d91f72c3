import { defineDistribution } from './define-distribution.ts';

export const kops = defineDistribution({
  name: 'kops',
  title: 'kOps',
  versions: 'unmarked',
  certificateTells: true,
  signals: [
    {
      name: 'named-server',
      kind: 'certificate',
      confidence: 'high',
      source: 'recorded capture: its own subject beside the name of its zone',
      when: {
        subject: { cn: 'kubernetes-master', o: null },
        dnsNames: { every: ['kubernetes.default.svc'], some: /^api\.internal\.[a-z0-9.-]+$/ },
      },
    },
    {
      name: 'internal-name',
      kind: 'names',
      confidence: 'medium',
      source: 'recorded names: four captures, on AWS and on GCE',
      when: {
        dnsNames: { every: ['kubernetes.default.svc'], some: /^api\.internal\.[a-z0-9.-]+$/, none: /^openshift/ },
      },
    },
    {
      name: 'server-certificate',
      kind: 'certificate',
      confidence: 'medium',
      source: 'recorded dry run; the later issuer is unverified',
      when: { subject: { cn: 'kubernetes-master', o: null }, issuer: { cn: /^kubernetes(-ca)?$/ } },
    },
    {
      name: 'server-subject',
      kind: 'certificate',
      confidence: 'low',
      source: 'recorded dry run',
      when: { subject: { cn: 'kubernetes-master', o: null }, ipAddresses: { some: ['100.64.0.1'] } },
    },
    {
      name: 'manager-names',
      kind: 'names',
      confidence: 'medium',
      source: 'recorded captures: manager and scheduler have named certificates',
      when: { dnsNames: { some: /^kube-(controller-manager|scheduler)\.kube-system\.svc\./ } },
      components: ['kube-controller-manager', 'kube-scheduler'],
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'kOps default service range',
      when: { ipAddresses: { some: ['100.64.0.1'] } },
    },
  ],
});
