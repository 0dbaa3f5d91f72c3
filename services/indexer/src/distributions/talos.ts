import { defineDistribution } from './define-distribution.ts';

export const talos = defineDistribution({
  name: 'talos',
  title: 'Talos Linux',
  versions: 'unmarked',
  certificateTells: true,
  signals: [
    {
      name: 'server-certificate',
      kind: 'certificate',
      confidence: 'certain',
      source: 'siderolabs/talos:internal/app/machined/pkg/controllers/secrets/kubernetes_dynamic_certs.go@ad88231',
      when: { subject: { cn: 'kube-apiserver', o: 'kube-master' }, issuer: { o: 'kubernetes', cn: null } },
    },
    {
      name: 'server-subject',
      kind: 'certificate',
      confidence: 'low',
      source: 'siderolabs/talos@ad88231; installers in the manner of bootkube write the subject too, on RSA keys',
      when: { subject: { cn: 'kube-apiserver', o: 'kube-master' }, keyType: 'ec' },
    },
    {
      name: 'authority-name',
      kind: 'certificate',
      confidence: 'medium',
      source: 'siderolabs/talos:generate/secrets/ca.go@ad88231: an issuer without a common name',
      when: { issuer: { o: 'kubernetes', cn: null } },
    },
    {
      name: 'sent-authority',
      kind: 'certificate',
      confidence: 'medium',
      source: 'siderolabs/talos@ad88231: the authority follows in the chain',
      when: { sentIssuer: { o: 'kubernetes', cn: null } },
    },
    {
      name: 'client-ca',
      kind: 'client-ca',
      confidence: 'medium',
      source: 'siderolabs/talos:generate/secrets/ca.go@ad88231: one authority for servers and clients',
      when: { clientCas: [{ o: 'kubernetes', cn: null }] },
      components: ['kube-apiserver', 'kubelet'],
    },
    {
      name: 'etcd-authority',
      kind: 'certificate',
      confidence: 'medium',
      source: 'siderolabs/talos:generate/secrets/ca.go@ad88231',
      when: { issuer: { o: 'etcd', cn: null } },
      components: ['etcd-client', 'etcd-peer'],
    },
    {
      name: 'only-tls13',
      kind: 'weak',
      confidence: 'low',
      source: 'siderolabs/talos@ad88231: the API server speaks TLS 1.3 alone',
      when: { onlyTls13: true },
    },
  ],
});
