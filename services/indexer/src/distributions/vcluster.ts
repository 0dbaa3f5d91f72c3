import { defineDistribution } from './define-distribution.ts';

export const vcluster = defineDistribution({
  name: 'vcluster',
  title: 'vcluster',
  builtOn: ['kubeadm', 'k3s', 'k0s', 'eks-d'],
  versions: 'any',
  signals: [
    {
      name: 'node-names',
      kind: 'names',
      confidence: 'high',
      source: 'loft-sh/vcluster:pkg/constants@4876675: names of its nodes end so',
      when: { dnsNames: { some: /^\*\.nodes\.vcluster\.com$/ } },
    },
    {
      name: 'elliptic-certificate',
      kind: 'certificate',
      confidence: 'medium',
      source: 'loft-sh/vcluster:pkg/server/cert/cert.go@4876675: the names of kubeadm on another kind of key',
      when: {
        subject: { cn: 'kube-apiserver', o: null },
        issuer: { cn: 'kubernetes', o: null },
        keyType: 'ec',
        dnsNames: { every: ['kubernetes', 'localhost'], none: /-control-plane\d*$|^lb-apiserver\./ },
      },
    },
  ],
});
