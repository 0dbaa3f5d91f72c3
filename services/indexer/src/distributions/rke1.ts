import { defineDistribution } from './define-distribution.ts';

export const rke1 = defineDistribution({
  name: 'rke1',
  title: 'RKE1',
  versions: 'any',
  certificateTells: true,
  signals: [
    {
      name: 'server-certificate',
      kind: 'certificate',
      confidence: 'high',
      source: 'rancher/rke:pki/constants.go@40c5dd4; recorded capture of 2020',
      when: { subject: { cn: 'kube-apiserver' }, issuer: { cn: 'kube-ca' } },
    },
    {
      name: 'client-ca',
      kind: 'client-ca',
      confidence: 'medium',
      source: 'rancher/rke:pki/services.go@40c5dd4: one authority for servers and clients',
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
      when: { gitVersion: /-rancher\d+-\d+$/ },
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
