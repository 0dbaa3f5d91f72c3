import { defineDistribution } from './define-distribution.ts';

const KUBEADM = 'kubernetes/kubernetes:cmd/kubeadm/app/util/pkiutil/pki_helpers.go@025f283';

export const kubeadm = defineDistribution({
  name: 'kubeadm',
  title: 'kubeadm',
  versions: 'unmarked',
  note: 'Whatever is built on the phases of kubeadm shows these certificates: what it could be besides is listed.',
  signals: [
    {
      name: 'server-certificate',
      kind: 'certificate',
      confidence: 'high',
      source: KUBEADM,
      when: { subject: { cn: 'kube-apiserver', o: null }, issuer: { cn: 'kubernetes', o: null } },
    },
    {
      name: 'default-names',
      kind: 'names',
      confidence: 'medium',
      source: `${KUBEADM}: the names of the service and the node's, no loopback, in the default service range`,
      when: {
        dnsNames: {
          every: ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
          some: /^(?!kubernetes$|openshift$|hcp-kubernetes$|kube-apiserver$)[a-z0-9-]{1,63}$/,
          none: /^localhost$|^openshift|^kubernetes\.(default\.svc\.cluster|svc\..+)$|^api\.internal\.|^hcp-kubernetes$/,
        },
        ipAddresses: { some: ['10.96.0.1'], none: ['127.0.0.1'] },
      },
    },
    {
      name: 'node-among-names',
      kind: 'names',
      confidence: 'low',
      source: 'recorded names: those of Kubernetes and a bare node, no loopback; a guide or a vendor may do the same',
      when: {
        dnsNames: {
          every: ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
          some: /^(?!kubernetes$|openshift$|hcp-kubernetes$|kube-apiserver$)[a-z0-9-]{1,63}$/,
          none: /^localhost$|^openshift|^kubernetes\.(default\.svc\.cluster|svc\..+)$|^api\.internal\.|^hcp-kubernetes$/,
        },
      },
    },
    {
      name: 'client-ca',
      kind: 'client-ca',
      confidence: 'medium',
      source: 'recorded first flight of kube-apiserver 1.20.2 with the certificates of kubeadm',
      when: {
        clientCas: [
          { cn: 'kubernetes', o: null },
          { cn: 'front-proxy-ca', o: null },
        ],
      },
    },
    {
      name: 'kubelet-client-ca',
      kind: 'client-ca',
      confidence: 'low',
      source: 'recorded first flight of a kubelet 1.20.2 in a cluster of kubeadm',
      when: { clientCas: [{ cn: 'kubernetes', o: null }] },
      components: ['kubelet'],
    },
    {
      name: 'etcd-certificate',
      kind: 'certificate',
      confidence: 'medium',
      source: `${KUBEADM}; recorded certificates`,
      when: { issuer: { cn: 'etcd-ca', o: null } },
      components: ['etcd-client', 'etcd-peer'],
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'kubeadm default service range; kind, minikube and Talos share it',
      when: { ipAddresses: { some: ['10.96.0.1'] } },
    },
  ],
});
