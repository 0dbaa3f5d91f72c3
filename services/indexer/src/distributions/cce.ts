import { defineDistribution, endingIn } from './define-distribution.ts';

export const cce = defineDistribution({
  name: 'cce',
  title: 'Huawei Cloud CCE',
  builtOn: ['kubeadm'],
  versions: /-r\d+-(CCE)?\d/,
  note: 'Its certificate is not established.',
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'certain',
      source:
        'recorded captures of a server and of nodes, from 1.23 on without a build; none in raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/-r\d+-CCE\d[\d.]{1,20}(B\d+)?(-\d[\dB.]{1,20})?/) },
    },
    {
      name: 'git-version-short',
      kind: 'version',
      confidence: 'low',
      source: 'unverified: the shorter form from 1.23 on',
      when: { gitVersion: /^v1\.\d+\.\d+-r\d+-\d{2}\.\d+\.\d+/ },
    },
    {
      name: 'port',
      kind: 'weak',
      confidence: 'low',
      source: 'unverified: 5443 outside, 5444 inside',
      when: { ports: [5443, 5444] },
    },
  ],
});
