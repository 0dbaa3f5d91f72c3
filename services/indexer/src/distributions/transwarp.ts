import { defineDistribution } from './define-distribution.ts';

export const transwarp = defineDistribution({
  name: 'transwarp',
  title: 'Transwarp TOS',
  builtOn: ['kubeadm'],
  versions: /^v\d+\.\d+\.\d+-tos-/,
  note: 'Its gitVersion counts its own releases; the minor is read from the other fields.',
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'medium',
      source: 'raesene/public-k8s-censys@777ad16; the vendor is inferred from the suffix',
      when: { gitVersion: /^v\d+\.\d+\.\d+-tos-/ },
    },
  ],
});
