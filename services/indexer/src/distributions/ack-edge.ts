import { defineDistribution, endingIn } from './define-distribution.ts';

export const ackEdge = defineDistribution({
  name: 'ack-edge',
  title: 'Alibaba Cloud ACK Edge',
  builtOn: ['kubeadm'],
  versions: /-(aliyun)?edge\.\d+/,
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'certain',
      source: 'raesene/public-k8s-censys@777ad16',
      when: { gitVersion: endingIn(/-aliyunedge\.\d+/) },
    },
    {
      name: 'git-version-development',
      kind: 'version',
      confidence: 'medium',
      source: 'raesene/public-k8s-censys@777ad16: an older name of the same build',
      when: { gitVersion: endingIn(/-edge\.\d+\.\d+\+[0-9a-f]{7,40}/) },
    },
  ],
});
