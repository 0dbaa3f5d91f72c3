import { defineDistribution, endingIn } from './define-distribution.ts';

export const ack = defineDistribution({
  name: 'ack',
  title: 'Alibaba Cloud ACK',
  builtOn: ['kubeadm'],
  versions: /-aliyun(pro)?\.\d+/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'certain',
      source: 'raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/-aliyun\.\d+/) },
    },
    {
      name: 'git-version-development',
      kind: 'version',
      confidence: 'certain',
      source: 'raesene/public-k8s-censys@777ad16: builds between two releases',
      when: { gitVersion: endingIn(/-aliyun\.\d+\.\d+\+[0-9a-f]{7,40}/) },
    },
    {
      name: 'git-version-pro',
      kind: 'version',
      confidence: 'low',
      source: 'unverified: the edition is inferred from the suffix (v1.20.4-aliyunpro.1)',
      when: { gitVersion: endingIn(/-aliyunpro\.\d+/) },
    },
    {
      name: 'cluster-id-issuer',
      kind: 'certificate',
      confidence: 'medium',
      source: 'recorded capture of 2018; the vendor is inferred from the shape of the name',
      when: { issuer: { cn: /^c[0-9a-f]{32}$/, o: /^c[0-9a-f]{32}$/, ou: 'default' } },
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'recorded capture of 2018; OpenShift has it too',
      when: { ipAddresses: { some: ['172.30.0.1'] } },
    },
  ],
});
