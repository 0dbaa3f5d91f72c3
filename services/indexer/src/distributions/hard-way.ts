import { defineDistribution } from './define-distribution.ts';

export const hardWay = defineDistribution({
  name: 'hard-way',
  title: 'Kubernetes The Hard Way and its like',
  versions: 'any',
  note: 'Clusters that were set up by hand; which text was followed is told by its mistakes.',
  signals: [
    {
      name: 'guide-unit',
      kind: 'certificate',
      confidence: 'high',
      source: 'kelseyhightower/kubernetes-the-hard-way: the unit of its certificate requests',
      when: { subject: { ou: 'Kubernetes The Hard Way' } },
    },
    {
      name: 'guide-names',
      kind: 'names',
      confidence: 'medium',
      source: 'recorded names: server and api-server in the domain of the guide',
      when: { dnsNames: { some: /^(api-)?server\.kubernetes\.local$/ } },
    },
    {
      name: 'guide-comment',
      kind: 'certificate',
      confidence: 'medium',
      source: 'recorded text of 2024',
      when: { netscapeComment: /^Kube API Server Certificate$/ },
    },
    {
      name: 'misspelt-names-and-range',
      kind: 'names',
      confidence: 'medium',
      source: 'recorded names: the mistake of the guide in its service range',
      when: { dnsNames: { every: ['kubernetes.svc.cluster.local'] }, ipAddresses: { some: ['10.32.0.1'] } },
    },
    {
      name: 'misspelt-names',
      kind: 'names',
      confidence: 'medium',
      source: 'recorded names: clusters built from the guide',
      when: {
        dnsNames: {
          every: ['kubernetes.default.svc.cluster', 'kubernetes.svc.cluster.local'],
          none: /^localhost$|^kubernetes\.default\.svc\.cluster\.local$/,
        },
      },
    },
    {
      name: 'opsnull-unit',
      kind: 'certificate',
      confidence: 'high',
      source: 'recorded capture of 2022: the opsnull guide',
      when: { subject: { o: 'k8s', ou: 'opsnull' } },
    },
    {
      name: 'opsnull-names',
      kind: 'names',
      confidence: 'medium',
      source: 'recorded names: the opsnull guide in its service range',
      when: {
        dnsNames: { every: ['kubernetes.default.svc.cluster', 'kubernetes.default.svc.cluster.local'] },
        ipAddresses: { some: ['10.254.0.1'] },
      },
    },
    {
      name: 'copied-names',
      kind: 'names',
      confidence: 'low',
      source: 'recorded names: guides that copied the list, in the service range of kubeadm',
      when: {
        dnsNames: { every: ['kubernetes.default.svc.cluster', 'kubernetes.default.svc.cluster.local', 'localhost'] },
        ipAddresses: { some: ['10.96.0.1'] },
      },
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'the service ranges of the guides',
      when: { ipAddresses: { some: ['10.32.0.1', '10.254.0.1'] } },
    },
  ],
});
