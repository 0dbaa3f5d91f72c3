import { defineDistribution } from './define-distribution.ts';

export const minikube = defineDistribution({
  name: 'minikube',
  title: 'minikube',
  builtOn: ['kubeadm'],
  versions: 'unmarked',
  certificateTells: true,
  signals: [
    {
      name: 'server-certificate',
      kind: 'certificate',
      confidence: 'certain',
      source: 'kubernetes/minikube:pkg/minikube/bootstrapper/certs.go@01573e4; seventeen recorded captures',
      when: { subject: { cn: 'minikube', o: 'system:masters' }, issuer: { cn: 'minikubeCA' } },
    },
    {
      name: 'server-subject',
      kind: 'certificate',
      confidence: 'high',
      source: 'kubernetes/minikube:pkg/minikube/bootstrapper/certs.go@01573e4',
      when: { subject: { cn: 'minikube', o: 'system:masters' } },
    },
    {
      name: 'authority-name',
      kind: 'certificate',
      confidence: 'high',
      source: 'kubernetes/minikube:pkg/minikube/bootstrapper/certs.go@01573e4',
      when: { issuer: { cn: 'minikubeCA' } },
    },
    {
      name: 'server-names',
      kind: 'names',
      confidence: 'medium',
      source: 'kubernetes/minikube:pkg/minikube/bootstrapper/certs.go@01573e4',
      when: { dnsNames: { some: /^(minikubeca|control-plane\.minikube\.internal)$/ } },
    },
    {
      name: 'client-ca',
      kind: 'client-ca',
      confidence: 'medium',
      source: 'kubernetes/minikube:pkg/minikube/bootstrapper/certs.go@01573e4: one authority for servers and clients',
      when: { clientCas: [{ cn: 'minikubeCA' }] },
    },
    {
      name: 'addresses',
      kind: 'weak',
      confidence: 'low',
      source: '10.0.0.1 stands in the code beside the service address',
      when: { ipAddresses: { every: ['10.96.0.1', '10.0.0.1', '127.0.0.1'] } },
    },
    {
      name: 'port',
      kind: 'weak',
      confidence: 'low',
      source: 'minikube default; OpenShift 3, vcluster and k3s were seen there too',
      when: { ports: [8443] },
    },
  ],
});
