import { defineDistribution, endingIn } from './define-distribution.ts';

export const k3s = defineDistribution({
  name: 'k3s',
  title: 'k3s',
  versions: /[+-]k3s(\.?\d+|-[0-9a-f]{7,40})(-dirty)?$/,
  certificateTells: true,
  signals: [
    {
      name: 'listener-certificate',
      kind: 'certificate',
      confidence: 'certain',
      source: 'k3s-io/k3s:pkg/cluster/https.go@0ff5553',
      when: { subject: { cn: 'k3s', o: 'k3s' }, issuer: { cn: /^k3s-server-ca@\d{1,12}$/ } },
    },
    {
      name: 'listener-subject',
      kind: 'certificate',
      confidence: 'high',
      source: 'k3s-io/k3s:pkg/cluster/https.go@0ff5553',
      when: { subject: { cn: 'k3s', o: 'k3s' } },
    },
    {
      name: 'server-ca',
      kind: 'certificate',
      confidence: 'high',
      source: 'k3s-io/k3s:pkg/daemons/control/deps/deps.go; recorded captures of 2021 to 2025',
      when: { issuer: { cn: /^k3s-server-ca@\d{1,12}$/ } },
      components: ['kube-apiserver', 'kubelet'],
    },
    {
      name: 'etcd-ca',
      kind: 'certificate',
      confidence: 'medium',
      source: 'recorded capture: boot log, 2025; RKE2 shares the code',
      when: { issuer: { cn: /^etcd-(server|peer)-ca@\d{1,12}$/ } },
      components: ['etcd-client', 'etcd-peer'],
    },
    {
      name: 'client-ca',
      kind: 'client-ca',
      confidence: 'low',
      source: 'unverified in a first flight: the name beside k3s-server-ca in k3s-io/k3s:pkg/daemons/control/deps',
      when: { clientCas: [{ cn: /^k3s-(client|server)-ca@\d{1,12}$/ }] },
      components: ['kube-apiserver', 'kubelet'],
    },
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'high',
      source:
        'recorded captures, the first with a hyphen and a dot (v1.14.6-k3s.1); a vcluster that runs k3s says the same',
      when: { gitVersion: endingIn(/[+-]k3s(\.?\d+|-[0-9a-f]{7,40})/) },
    },
    {
      name: 'asks-naming-nobody',
      kind: 'weak',
      confidence: 'low',
      source: 'k3s-io/k3s:pkg/cluster/https.go@0ff5553 (RequestClientCert without ClientCAs)',
      when: { clientCertificate: 'asked-naming-nobody' },
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'k3s default service range; RKE1, RKE2 and MicroShift share it',
      when: { ipAddresses: { some: ['10.43.0.1'] } },
    },
  ],
});
