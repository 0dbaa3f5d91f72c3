import { defineDistribution, endingIn } from './define-distribution.ts';

export const rke2 = defineDistribution({
  name: 'rke2',
  title: 'RKE2',
  versions: /\+rke2(r\d+)?(-[a-z0-9.-]+)?$/,
  certificateTells: true,
  signals: [
    {
      name: 'server-certificate',
      kind: 'certificate',
      confidence: 'certain',
      source: 'recorded captures of 2023 to 2026',
      when: { subject: { cn: 'kube-apiserver' }, issuer: { cn: /^rke2-server-ca@\d{1,12}$/ } },
    },
    {
      name: 'server-ca',
      kind: 'certificate',
      confidence: 'high',
      source: 'recorded captures; the supervisor on 9345 and the kubelet have the same issuer',
      when: { issuer: { cn: /^rke2-server-ca@\d{1,12}$/ } },
      components: ['kube-apiserver', 'kubelet'],
    },
    {
      name: 'sent-server-ca',
      kind: 'certificate',
      confidence: 'high',
      source: 'recorded capture: openssl s_client -showcerts on 6443, 2025',
      when: { sentIssuer: { cn: /^rke2-server-ca@\d{1,12}$/ } },
    },
    {
      name: 'client-ca',
      kind: 'client-ca',
      confidence: 'low',
      source: 'unverified in a first flight: the name beside rke2-server-ca',
      when: { clientCas: [{ cn: /^rke2-(client|server)-ca@\d{1,12}$/ }] },
      components: ['kube-apiserver', 'kubelet'],
    },
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'certain',
      source: 'recorded captures; rancher/kubernetes-provider-detector@33286ed',
      when: { gitVersion: endingIn(/\+rke2(r\d+)?(-[a-z0-9.-]+)?/) },
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'RKE2 default service range; k3s, RKE1 and MicroShift share it',
      when: { ipAddresses: { some: ['10.43.0.1'] } },
    },
  ],
});
