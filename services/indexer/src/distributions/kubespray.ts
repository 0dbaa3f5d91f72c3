import { defineDistribution } from './define-distribution.ts';

export const kubespray = defineDistribution({
  name: 'kubespray',
  title: 'Kubespray',
  builtOn: ['kubeadm'],
  versions: 'unmarked',
  signals: [
    {
      name: 'load-balancer-name',
      kind: 'names',
      confidence: 'medium',
      source:
        'kubernetes-sigs/kubespray:roles/kubernetes/control-plane/tasks/kubeadm-setup.yml@46dbdd3; recorded names',
      when: { dnsNames: { some: /^lb-apiserver\.kubernetes\.local$/ } },
    },
    {
      name: 'names-and-range',
      kind: 'names',
      confidence: 'medium',
      source: 'kubernetes-sigs/kubespray@46dbdd3: localhost beside the default service range',
      when: {
        dnsNames: { every: ['kubernetes', 'localhost'], none: /^lb\.kubesphere\.local$/ },
        ipAddresses: { every: ['10.233.0.1', '127.0.0.1'] },
      },
    },
    {
      name: 'etcd-certificate',
      kind: 'certificate',
      confidence: 'medium',
      source: 'kubernetes-sigs/kubespray:roles/etcd/templates/make-ssl-etcd.sh.j2@46dbdd3',
      when: { subject: { cn: /^etcd-(member|admin|node)-/ }, issuer: { cn: 'etcd-ca' } },
      components: ['etcd-client', 'etcd-peer'],
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'Kubespray default service range',
      when: { ipAddresses: { some: ['10.233.0.1'] } },
    },
  ],
});
