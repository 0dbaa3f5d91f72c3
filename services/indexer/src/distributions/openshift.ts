import { defineDistribution, endingIn } from './define-distribution.ts';

export const openshift = defineDistribution({
  name: 'openshift',
  title: 'Red Hat OpenShift',
  versions: /\+[0-9a-f]{7,12}(-\d+|-dirty)?$/,
  note: 'ROKS and HyperShift say the same versions; OKD shows the same certificates.',
  certificateTells: true,
  signals: [
    {
      name: 'service-network-certificate',
      kind: 'certificate',
      confidence: 'certain',
      source: 'openshift/cluster-kube-apiserver-operator:bindata/assets/config/defaultconfig.yaml@c813e82',
      when: {
        issuer: {
          cn: /^(kube-apiserver-service-network-signer|openshift-kube-apiserver-operator_service-network-serving-signer@\d{1,12})$/,
          ou: 'openshift',
        },
        dnsNames: { every: ['kubernetes.default.svc', 'openshift.default.svc'] },
      },
    },
    {
      name: 'signer',
      kind: 'certificate',
      confidence: 'high',
      source: 'openshift/cluster-kube-apiserver-operator@c813e82; recorded captures of 2019 and 2023',
      when: { issuer: { cn: /^kube-apiserver-(lb|localhost|service-network)-signer$/, ou: 'openshift' } },
    },
    {
      name: 'rotated-signer',
      kind: 'certificate',
      confidence: 'high',
      source: 'openshift/library-go:pkg/operator/certrotation/signer.go; recorded capture',
      when: { issuer: { cn: /^openshift-kube-apiserver-operator_[a-z-]{1,80}-signer@\d{1,12}$/ } },
    },
    {
      name: 'service-names',
      kind: 'names',
      confidence: 'medium',
      source: 'openshift/hypershift#1950; recorded install log',
      when: { dnsNames: { every: ['openshift', 'openshift.default', 'openshift.default.svc'] } },
    },
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'high',
      source:
        'raesene/public-k8s-censys@777ad16; public captures of 4.1 and 4.2 (nine digits): a commit as short as git prints it, as any such private build would have',
      when: { gitVersion: endingIn(/\+[0-9a-f]{7,9}/) },
    },
    {
      name: 'git-version-three',
      kind: 'version',
      confidence: 'medium',
      source: 'raesene/public-k8s-censys@777ad16: OpenShift 3.6 to 3.9 (ten digits) and 3.11 (its own number)',
      when: { gitVersion: /^v1\.\d+\.\d+\+[0-9a-f]{10,12}$|^v3\.\d+\.\d+\+[0-9a-f]{7,12}-\d+$/ },
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'OpenShift default service range; a recorded ACK cluster of 2018 has it too',
      when: { ipAddresses: { some: ['172.30.0.1'] } },
    },
    {
      name: 'client-ca',
      kind: 'client-ca',
      confidence: 'medium',
      source: 'openshift/installer:pkg/asset/tls: signers of client certificates in the unit of OpenShift',
      when: {
        clientCas: [
          {
            cn: /^(admin-kubeconfig|kubelet|kube-control-plane|kubelet-bootstrap-kubeconfig)-signer$/,
            ou: 'openshift',
          },
        ],
      },
    },
  ],
});
