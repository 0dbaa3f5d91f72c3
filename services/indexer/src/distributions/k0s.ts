import { defineDistribution, endingIn } from './define-distribution.ts';

export const k0s = defineDistribution({
  name: 'k0s',
  title: 'k0s',
  versions: /\+k0s(\.\d+)?(-dirty)?$/,
  note: 'Whether /version answers by default is not established.',
  signals: [
    {
      name: 'server-certificate',
      kind: 'certificate',
      confidence: 'high',
      source: 'k0sproject/k0s:pkg/component/controller/certificates.go@05a531a',
      when: {
        subject: { cn: 'kubernetes', o: 'kubernetes' },
        issuer: { cn: 'kubernetes-ca' },
        dnsNames: { every: ['kubernetes.default.svc.cluster'], some: /^kubernetes\.svc\.[a-z0-9.-]+$/ },
      },
    },
    {
      name: 'server-names',
      kind: 'names',
      confidence: 'medium',
      source: 'k0sproject/k0s:pkg/component/controller/certificates.go@05a531a',
      when: {
        dnsNames: { every: ['kubernetes.default.svc.cluster', 'kubernetes.svc.cluster.local', 'localhost'] },
        ipAddresses: { some: ['10.96.0.1'] },
      },
    },
    {
      name: 'misspelt-names',
      kind: 'names',
      confidence: 'low',
      source: 'recorded names; a guide has the same mistake',
      when: {
        dnsNames: { every: ['kubernetes.default.svc.cluster', 'kubernetes.svc.cluster.local', 'localhost'] },
        ipAddresses: { none: ['10.32.0.1'] },
      },
    },
    {
      name: 'client-ca',
      kind: 'client-ca',
      confidence: 'low',
      source: 'k0sproject/k0s:pkg/component/controller/certificates.go@05a531a: one authority for servers and clients',
      when: { subject: { cn: 'kubernetes', o: 'kubernetes' }, clientCas: [{ cn: 'kubernetes-ca' }] },
    },
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'high',
      source: 'recorded captures; a vcluster that runs k0s says the same',
      when: { gitVersion: endingIn(/\+k0s(\.\d+)?/) },
    },
  ],
});
