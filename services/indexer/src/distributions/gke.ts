import { defineDistribution, endingIn } from './define-distribution.ts';

export const gke = defineDistribution({
  name: 'gke',
  title: 'Google GKE',
  builtOn: ['kubeadm'],
  versions: /-gke\.\d/,
  note: 'GKE on premises (Anthos) says the same versions, on kubeadm certificates. The certificate of the managed service is not established.',
  signals: [
    {
      name: 'git-version',
      kind: 'version',
      confidence: 'certain',
      source: 'raesene/public-k8s-censys@777ad16; endoflife-date/endoflife.date@a70eca3',
      when: { gitVersion: endingIn(/-gke\.\d{1,9}/) },
    },
    {
      name: 'git-version-internal',
      kind: 'version',
      confidence: 'certain',
      source: 'raesene/public-k8s-censys@777ad16: 4,097 distinct test builds',
      when: { gitVersion: /-gke\.\d{1,9}(\.\d+)?[+-]/ },
    },
    {
      name: 'uuid-issuer',
      kind: 'certificate',
      confidence: 'low',
      source: 'unverified: issuer CN=<uuid>, subject CN=<address>',
      when: {
        issuer: { cn: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, o: null },
        subject: { cn: /^\d{1,3}(\.\d{1,3}){3}$/ },
      },
    },
    {
      name: 'endpoint-name',
      kind: 'names',
      confidence: 'low',
      source: 'unverified: the DNS endpoint gke-<hash>-<n>.<region>.gke.goog',
      when: { dnsNames: { some: /(^|\.)gke\.goog$/ } },
    },
    {
      name: 'client-ca',
      kind: 'client-ca',
      confidence: 'low',
      source: 'unverified: one authority, named by a uuid, for servers and clients',
      when: { clientCas: [{ cn: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, o: null }] },
    },
  ],
});
