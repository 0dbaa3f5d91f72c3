import { defineDistribution } from './define-distribution.ts';

export const microk8s = defineDistribution({
  name: 'microk8s',
  title: 'Canonical MicroK8s',
  versions: 'unmarked',
  certificateTells: true,
  signals: [
    {
      name: 'server-certificate',
      kind: 'certificate',
      confidence: 'certain',
      source: 'canonical/microk8s:microk8s-resources/certs/csr.conf.template@d099c90; three recorded certificates',
      when: { subject: { cn: '127.0.0.1', o: 'Canonical', ou: 'Canonical' }, issuer: { cn: '10.152.183.1' } },
    },
    {
      name: 'server-subject',
      kind: 'certificate',
      confidence: 'high',
      source: 'canonical/microk8s:microk8s-resources/certs/csr.conf.template@d099c90',
      when: { subject: { o: 'Canonical', ou: 'Canonical' } },
    },
    {
      name: 'authority-name',
      kind: 'certificate',
      confidence: 'medium',
      source: 'recorded certificates: the authority is named for the first service address',
      when: { issuer: { cn: '10.152.183.1' } },
    },
    {
      name: 'server-names',
      kind: 'names',
      confidence: 'low',
      source: 'canonical/microk8s:microk8s-resources/certs/csr.conf.template@d099c90; guides copied the list',
      when: {
        dnsNames: {
          every: ['kubernetes.default.svc.cluster', 'kubernetes.default.svc.cluster.local'],
          none: /^localhost$|^kubernetes\.svc\./,
        },
        ipAddresses: { none: ['10.254.0.1', '10.32.0.1', '10.96.0.1'] },
      },
    },
    {
      name: 'client-ca',
      kind: 'client-ca',
      confidence: 'medium',
      source: 'canonical/microk8s:actions/common/utils.sh@d099c90: one authority signs servers and clients',
      when: { clientCas: [{ cn: '10.152.183.1' }] },
    },
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'low',
      source:
        'recorded captures to 1.24: commits after a tag; private forks and IBM Cloud of 2017 have the shape too, and MicroK8s keeps /version to itself',
      when: { gitVersion: /^v1\.(1\d|2[0-4])\.\d+-([1-9]|[1-3]\d)\+[0-9a-f]{14}$/ },
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'MicroK8s default service range; Canonical Kubernetes shares it',
      when: { ipAddresses: { some: ['10.152.183.1'] } },
    },
    {
      name: 'port',
      kind: 'weak',
      confidence: 'low',
      source: 'canonical/microk8s:microk8s-resources/default-args/kube-apiserver@d099c90',
      when: { ports: [16443] },
    },
  ],
});
