import { defineDistribution, endingIn } from './define-distribution.ts';

export const rke1 = defineDistribution({
  name: 'rke1',
  title: 'RKE1',
  versions: 'any',
  certificateTells: true,
  signals: [
    {
      name: 'certificate-and-range',
      kind: 'certificate',
      confidence: 'high',
      source: 'rancher/rke:pki/services.go@40c5dd4: loopback and the default service range',
      when: {
        subject: { cn: 'kube-apiserver' },
        issuer: { cn: 'kube-ca' },
        dnsNames: { every: ['localhost'] },
        ipAddresses: { every: ['10.43.0.1', '127.0.0.1'] },
      },
    },
    {
      name: 'certificate-and-validity',
      kind: 'certificate',
      confidence: 'medium',
      source: 'rancher/rke:pki@40c5dd4; recorded capture of 2020: ten years from the day of signing, later renewed',
      when: {
        subject: { cn: 'kube-apiserver' },
        issuer: { cn: 'kube-ca' },
        validityDays: [3640, 3680],
        ipAddresses: { none: ['10.254.0.1', '10.3.0.1'] },
      },
    },
    {
      name: 'server-certificate',
      kind: 'certificate',
      confidence: 'low',
      source: 'rancher/rke:pki/constants.go@40c5dd4; other installers name their authority so too',
      when: {
        subject: { cn: 'kube-apiserver' },
        issuer: { cn: 'kube-ca' },
        ipAddresses: { none: ['10.254.0.1', '10.3.0.1'] },
      },
    },
    {
      name: 'client-ca',
      kind: 'client-ca',
      confidence: 'low',
      source: 'rancher/rke:pki/services.go@40c5dd4: one authority for servers and clients; others name theirs so too',
      when: { clientCas: [{ cn: 'kube-ca' }] },
      components: ['kube-apiserver', 'kubelet'],
    },
    {
      name: 'etcd-certificate',
      kind: 'certificate',
      confidence: 'medium',
      source: 'rancher/rke:pki/constants.go@40c5dd4',
      when: { subject: { cn: /^kube-etcd/ }, issuer: { cn: 'kube-ca' } },
      components: ['etcd-client', 'etcd-peer'],
    },
    {
      name: 'git-version-tag',
      kind: 'version',
      confidence: 'low',
      source: 'kube-bench fixture: the tag of the image, which servers are not known to say',
      when: { gitVersion: endingIn(/-rancher\d+-\d+/) },
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'RKE1 default service range; k3s, RKE2 and MicroShift share it',
      when: { ipAddresses: { some: ['10.43.0.1'] } },
    },
  ],
});
