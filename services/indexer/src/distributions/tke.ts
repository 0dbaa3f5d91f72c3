import { defineDistribution, endingIn } from './define-distribution.ts';

export const tke = defineDistribution({
  name: 'tke',
  title: 'Tencent Cloud TKE',
  builtOn: ['kubeadm'],
  versions: /-tke\.\d+/,
  note: 'Its certificate is not established.',
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'certain',
      source: 'raesene/public-k8s-censys@777ad16; serverless clusters add -eks.<n>',
      when: { gitVersion: endingIn(/-tke\.\d+(\.\d+)?(\+[0-9a-f]{7,40})?(-eks\.\d+)?/) },
    },
    {
      name: 'endpoint-name',
      kind: 'names',
      confidence: 'low',
      source: 'unverified in a certificate: recorded host names *.ccs.tencent-cloud.com',
      when: { dnsNames: { some: /\.ccs\.tencent-cloud\.com$/ } },
    },
  ],
});
