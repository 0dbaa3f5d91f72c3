import { defineDistribution } from './define-distribution.ts';

export const kamaji = defineDistribution({
  name: 'kamaji',
  title: 'Kamaji',
  builtOn: ['kubeadm'],
  versions: 'unmarked',
  certificateTells: true,
  signals: [
    {
      name: 'service-names',
      kind: 'names',
      confidence: 'medium',
      source: 'clastix/kamaji:internal/kubeadm/configuration.go@ddbabd8',
      when: {
        subject: { cn: 'kube-apiserver' },
        issuer: { cn: 'kubernetes' },
        dnsNames: {
          every: ['kubernetes', 'localhost'],
          some: [
            /^(?!kubernetes\.|kube-apiserver\.|openshift\.)[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}\.svc\.cluster\.local$/,
            /^(?!kubernetes\.|kube-apiserver\.|openshift\.)[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}\.svc$/,
          ],
        },
        ipAddresses: { some: ['127.0.0.1'] },
      },
    },
  ],
});
