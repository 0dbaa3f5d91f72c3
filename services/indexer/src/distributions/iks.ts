import { defineDistribution, endingIn } from './define-distribution.ts';

export const iks = defineDistribution({
  name: 'iks',
  title: 'IBM Cloud Kubernetes Service',
  builtOn: ['kubeadm'],
  versions: /\+IKS(-dirty)?$|^v1\.\d\.\d+-\d+\+[0-9a-f]{14}$/,
  note: 'Its certificate is not established.',
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'certain',
      source: 'raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/\+IKS/) },
    },
    {
      name: 'endpoint-name',
      kind: 'names',
      confidence: 'low',
      source: 'unverified in a certificate: the recorded host name c<N>.<region>.containers.cloud.ibm.com',
      when: { dnsNames: { some: /^c\d+(-\d+)?\.[a-z0-9-]+\.containers\.cloud\.ibm\.com$/ } },
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'unverified: 172.21.0.1; a private kubeadm cluster has it too',
      when: { ipAddresses: { some: ['172.21.0.1'] } },
    },
    {
      name: 'port',
      kind: 'weak',
      confidence: 'low',
      source: 'recorded captures: many clusters behind one address, on ports of the node range',
      when: { portRange: [20000, 32767] },
    },
  ],
});
