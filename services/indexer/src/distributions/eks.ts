import { defineDistribution, endingIn } from './define-distribution.ts';

export const eks = defineDistribution({
  name: 'eks',
  title: 'Amazon EKS',
  builtOn: ['kubeadm'],
  versions: /-eks(-[0-9a-f]{6,7}|\.\d+)?(-dirty)?$/,
  note: 'Certificates after 2018 are not established; from 1.32 on /version is closed to anonymous clients.',
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'certain',
      source: 'raesene/public-k8s-censys@777ad16; aws/containers-roadmap#1604',
      when: { gitVersion: endingIn(/-eks-[0-9a-f]{6,7}/) },
    },
    {
      name: 'git-version-first',
      kind: 'version',
      confidence: 'low',
      source: 'unverified: the first builds, before a commit was added to the suffix (v1.10.11-eks)',
      when: { gitVersion: endingIn(/-eks/) },
    },
    {
      name: 'git-version-numbered',
      kind: 'version',
      confidence: 'low',
      source:
        'raesene/public-k8s-censys@777ad16: not the shape of the managed service; the EKS of Tencent writes the same (v1.18.4-tke.9-eks.1)',
      when: { gitVersion: endingIn(/-eks\.\d+/) },
    },
    {
      name: 'endpoint-name',
      kind: 'names',
      confidence: 'high',
      ownDomain: 'eks.amazonaws.com',
      source: 'recorded certificate of 2018 (SAN in lower case, the kubeconfig in upper case)',
      when: { dnsNames: { some: /^[0-9a-f]{32}\.[a-z0-9]{3}\.[a-z0-9-]{5,30}\.eks\.amazonaws\.com(\.cn)?$/ } },
    },
    {
      name: 'no-key-identifiers',
      kind: 'certificate',
      confidence: 'medium',
      source:
        'recorded certificate of 2018; aws/containers-roadmap#570; kubeadm of that age on EC2 differs in the service range alone',
      when: {
        subject: { cn: 'kube-apiserver' },
        issuer: { cn: 'kubernetes' },
        dnsNames: { some: /^ip-\d+-\d+-\d+-\d+\.([a-z0-9-]+\.compute|ec2)\.internal$/ },
        ipAddresses: { some: ['10.100.0.1'] },
        lacksExtensions: ['2.5.29.35', '2.5.29.14', '2.5.29.19'],
      },
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'recorded certificate of 2018 (10.100.0.1); 172.20.0.1 unverified, and seen on kubeadm',
      when: { ipAddresses: { some: ['10.100.0.1', '172.20.0.1'] } },
    },
    {
      name: 'dual-stack-name',
      kind: 'names',
      confidence: 'low',
      source: 'unverified in a certificate: the dual-stack endpoint <id>.<region>.eks-cluster... of the documentation',
      when: { dnsNames: { some: /(^|\.)eks-cluster\.[a-z0-9-]+\.api\.aws$/ } },
    },
  ],
});
