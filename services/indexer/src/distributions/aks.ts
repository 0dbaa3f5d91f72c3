import { defineDistribution } from './define-distribution.ts';

export const aks = defineDistribution({
  name: 'aks',
  title: 'Azure AKS',
  versions: 'unmarked',
  tellsVersion: false,
  note: 'Always answers /version with 401; its gitVersion carries no mark.',
  certificateTells: true,
  signals: [
    {
      name: 'certificate-and-validity',
      kind: 'certificate',
      confidence: 'high',
      source: 'recorded captures of 2023 and 2024: two years and ten minutes',
      when: { subject: { cn: 'apiserver', o: null }, issuer: { cn: 'ca', o: null }, validityDays: [730, 731.1] },
    },
    {
      name: 'apiserver-certificate',
      kind: 'certificate',
      confidence: 'medium',
      source: 'Azure/AKS#368; recorded captures of 2023 and 2024; names that anyone may choose',
      when: { subject: { cn: 'apiserver', o: null }, issuer: { cn: 'ca', o: null } },
    },
    {
      name: 'subject-and-validity',
      kind: 'certificate',
      confidence: 'medium',
      source: 'recorded captures of 2023 and 2024: two years and ten minutes',
      when: { subject: { cn: 'apiserver', o: null }, validityDays: [730, 731.1] },
    },
    {
      name: 'endpoint-name',
      kind: 'names',
      confidence: 'high',
      ownDomain: 'azmk8s.io',
      source: 'Azure/AKS#368; kubernetes/kubernetes#64594',
      when: { dnsNames: { some: /\.azmk8s\.(io|us|cn)$|\.hcp\.[a-z0-9]+\.cx\.prod\.service\.azk8s\.cn$/ } },
    },
    {
      name: 'hosted-name',
      kind: 'names',
      confidence: 'medium',
      source: 'Azure/AKS#368; kubernetes/kubernetes#64594',
      when: { dnsNames: { some: /^hcp-kubernetes(\.[0-9a-f]{24}\.svc\.cluster\.local)?$/ } },
    },
    {
      name: 'tunnel-front',
      kind: 'certificate',
      confidence: 'low',
      source: 'Azure/AKS#399: a faulty tunnel front of 2018',
      when: { subject: { cn: 'client', o: 'system:masters' }, ipAddresses: { every: ['10.0.0.1'] } },
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'Azure/AKS#368; early kubeadm and minikube have it too',
      when: { ipAddresses: { some: ['10.0.0.1'] } },
    },
    {
      name: 'client-ca',
      kind: 'client-ca',
      confidence: 'low',
      source: 'unverified in a first flight: one authority, CN=ca, for servers and clients',
      when: { clientCas: [{ cn: 'ca', o: null, ou: null }] },
    },
  ],
});
